import { isPlainObject } from './plain-object.ts';

/** A JSON Schema object, of the subset our tools use: type, properties, required, enum, items, anyOf,
 * minimum, maximum. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A checked value, or what is wrong with it in words for a model. */
export type Checked =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly message: string };

/**
 * Checks a value against a schema. Lenient where the meaning is plain: `null` for an optional property means it was
 * left out, `"5"` and `5.0` are integers, properties the schema does not name pass. `path` names the value in messages.
 */
export function checkValue(value: unknown, schema: JsonSchema, path: string): Checked {
  const variants = schema['anyOf'];
  if (Array.isArray(variants)) return checkVariants(value, variants.filter(isPlainObject), path);
  const types = typesOf(schema);
  const read = types.length === 0 ? { value } : readAs(value, types);
  if (read === null)
    return wrong(`${path} must be ${types.map(describeType).join(' or ')}, not ${describe(value)}`);
  const { value: typed } = read;
  const allowed = schema['enum'];
  if (Array.isArray(allowed) && !allowed.includes(typed) && typed !== null) {
    return wrong(
      `${path} must be one of ${allowed.map((item) => JSON.stringify(item)).join(', ')}, not ${describe(value)}`,
    );
  }
  if (typeof typed === 'number' && !isBetween(typed, schema)) {
    return wrong(`${path} must be ${describeBounds(schema)}, not ${describe(value)}`);
  }
  if (Array.isArray(typed)) return checkItems(typed as unknown[], schema, path);
  if (isPlainObject(typed)) return checkProperties(typed, schema, path);
  return { ok: true, value: typed };
}

function isBetween(value: number, schema: JsonSchema): boolean {
  const { minimum, maximum } = boundsOf(schema);
  return value >= minimum && value <= maximum;
}

function boundsOf({ minimum, maximum }: JsonSchema): { readonly minimum: number; readonly maximum: number } {
  return {
    minimum: typeof minimum === 'number' ? minimum : -Infinity,
    maximum: typeof maximum === 'number' ? maximum : Infinity,
  };
}

function describeBounds(schema: JsonSchema): string {
  const { minimum, maximum } = boundsOf(schema);
  if (maximum === Infinity) return `${minimum} or more`;
  return minimum === -Infinity ? `${maximum} or less` : `from ${minimum} to ${maximum}`;
}

function checkVariants(value: unknown, variants: readonly JsonSchema[], path: string): Checked {
  const checked = variants.map((variant) => checkValue(value, variant, path));
  return checked.find((one) => one.ok) ?? checked[0] ?? { ok: true, value };
}

function checkItems(items: readonly unknown[], schema: JsonSchema, path: string): Checked {
  const rule = schema['items'];
  if (!isPlainObject(rule)) return { ok: true, value: items };
  const result: unknown[] = [];
  for (const [index, item] of items.entries()) {
    const checked = checkValue(item, rule, `${path}[${index}]`);
    if (!checked.ok) return checked;
    result.push(checked.value);
  }
  return { ok: true, value: result };
}

function checkProperties(
  object: Readonly<Record<string, unknown>>,
  schema: JsonSchema,
  path: string,
): Checked {
  const properties = isPlainObject(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required']) ? (schema['required'] as unknown[]) : [];
  const missing = required.find((name) => typeof name === 'string' && !Object.hasOwn(object, name));
  if (typeof missing === 'string') return wrong(`${nameOf(path, missing)} is missing`);
  const result: [string, unknown][] = [];
  for (const [name, value] of Object.entries(object)) {
    const rule = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (value === null && rule !== undefined && !required.includes(name)) continue;
    const checked: Checked = isPlainObject(rule)
      ? checkValue(value, rule, nameOf(path, name))
      : { ok: true, value };
    if (!checked.ok) return checked;
    result.push([name, checked.value]);
  }
  return { ok: true, value: Object.fromEntries(result) };
}

function nameOf(path: string, name: string): string {
  return path === '' ? `"${name}"` : `${path}.${name}`;
}

function typesOf(schema: JsonSchema): string[] {
  const type = schema['type'];
  if (typeof type === 'string') return [type];
  return Array.isArray(type) ? type.filter((item) => typeof item === 'string') : [];
}

function readAs(value: unknown, types: readonly string[]): { readonly value: unknown } | null {
  if (types.some((type) => isOfType(value, type))) return { value };
  const isNumeric = types.includes('integer') || types.includes('number');
  if (!isNumeric || typeof value !== 'string' || !/^\s*-?\d+(?:\.\d+)?\s*$/u.test(value)) return null;
  const number = Number(value);
  return types.includes('number') || Number.isInteger(number) ? { value: number } : null;
}

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case 'integer':
      return Number.isInteger(value);
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isPlainObject(value);
    case 'null':
      return value === null;
    default:
      return typeof value === type;
  }
}

function describeType(type: string): string {
  const names: Readonly<Record<string, string>> = {
    string: 'a text',
    integer: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
    array: 'a list',
    object: 'an object',
  };
  return names[type] ?? type;
}

function describe(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60).toWellFormed()}…` : text;
}

function wrong(message: string): Checked {
  return { ok: false, message };
}
