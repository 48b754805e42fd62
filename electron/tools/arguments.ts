import { checkValue, type JsonSchema } from './json-schema.ts';
import { mendJson } from './mend-json.ts';
import { isPlainObject } from './plain-object.ts';

/** Arguments ready to run with, or what to tell the model and, without telling it what to do, a person. */
export type ParsedArguments =
  | {
      readonly ok: true;
      readonly args: Readonly<Record<string, unknown>>;
      /** What was mended to read them, in words. */
      readonly repairs: readonly string[];
    }
  | { readonly ok: false; readonly message: string; readonly problem: string };

const SHOWN_CHARS = 2000;

/**
 * Reads the raw argument text of a call and checks it against the tool's parameters. The whole text must be one JSON
 * object (or a JSON text of one). What models often get wrong is mended where it can only mean one thing; never by
 * guessing or cutting, since half an argument would write half a memory. `is_whole`: the answer was not cut. On failure
 * the message says what is wrong, shows the text and lists the parameters.
 */
export function parseArguments(
  name: string,
  raw: string,
  parameters: JsonSchema,
  is_whole = true,
): ParsedArguments {
  const read = readMended(raw, is_whole);
  if (!read.ok)
    return fail(name, `the arguments are not one JSON object: ${read.message}.${shown(raw)}`, parameters);
  const checked = checkValue(read.args, parameters, '');
  if (!checked.ok) return fail(name, `${checked.message}.${shown(raw)}`, parameters);
  return { ok: true, args: isPlainObject(checked.value) ? checked.value : {}, repairs: read.repairs };
}

/** Checks arguments that are an object already, such as those a person edited. */
export function checkArguments(
  name: string,
  args: Readonly<Record<string, unknown>>,
  parameters: JsonSchema,
): ParsedArguments {
  const checked = checkValue(args, parameters, '');
  if (!checked.ok) return fail(name, `${checked.message}.`, parameters);
  return { ok: true, args: isPlainObject(checked.value) ? checked.value : {}, repairs: [] };
}

/** Arguments read and not yet checked, or why they can't be read. */
type ReadArguments =
  | Exclude<ParsedArguments, { ok: false }>
  | { readonly ok: false; readonly message: string };

function readMended(raw: string, is_whole: boolean): ReadArguments {
  const plain = readObject(raw);
  if (plain.ok) return plain;
  const mended = mendJson(raw, is_whole);
  if (!mended.ok) return { ok: false, message: `${plain.message} (${mended.message})` };
  if (mended.repairs.length === 0) return plain;
  const read = readObject(mended.text);
  return read.ok ? { ...read, repairs: mended.repairs } : plain;
}

function readObject(raw: string): ReadArguments {
  // Some providers send nothing at all for a call without arguments.
  if (raw.trim() === '') return { ok: true, args: {}, repairs: [] };
  try {
    const first = parseShallow(raw);
    const value = typeof first === 'string' ? parseShallow(first) : first;
    if (isPlainObject(value)) return { ok: true, args: value, repairs: [] };
    return {
      ok: false,
      message: `they are ${Array.isArray(value) ? 'a list' : value === null ? 'null' : `a ${typeof value}`}`,
    };
  } catch (cause) {
    return { ok: false, message: cause instanceof Error ? cause.message : String(cause) };
  }
}

const MAX_DEPTH = 64;

// What is nested deeper overflows the stack of whatever walks through it later: checks, the store, a request.
function parseShallow(text: string): unknown {
  if (depthOf(text) > MAX_DEPTH)
    throw new Error(`they are nested too deep, at most ${MAX_DEPTH} levels are taken`);
  return JSON.parse(text);
}

// Signs inside of texts do not nest.
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inText = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (inText && sign === '\\') at += 1;
    else if (sign === '"') inText = !inText;
    else if (!inText && (sign === '{' || sign === '[')) deepest = Math.max(deepest, (depth += 1));
    else if (!inText && (sign === '}' || sign === ']')) depth -= 1;
  }
  return deepest;
}

function shown(raw: string): string {
  if (raw === '') return ' They were empty.';
  return ` They read: ${raw.slice(0, SHOWN_CHARS).toWellFormed()}${raw.length > SHOWN_CHARS ? '…' : ''}`;
}

function fail(name: string, problem: string, parameters: JsonSchema): ParsedArguments {
  const takes = describeParameters(parameters);
  return {
    ok: false,
    message: `${name} was not run: ${problem}\nCall it again with ${takes}.`,
    problem: `${problem} ${name} takes ${takes}.`,
  };
}

function describeParameters(parameters: JsonSchema): string {
  const properties = isPlainObject(parameters['properties']) ? Object.entries(parameters['properties']) : [];
  const required = Array.isArray(parameters['required']) ? (parameters['required'] as unknown[]) : [];
  if (properties.length === 0) return '{}';
  const parts = properties.map(([name, rule]) => {
    const type = isPlainObject(rule) && typeof rule['type'] === 'string' ? rule['type'] : 'any';
    return `"${name}": ${type}${required.includes(name) ? '' : ' (optional)'}`;
  });
  return `one JSON object: {${parts.join(', ')}}`;
}
