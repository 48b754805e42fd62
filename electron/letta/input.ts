import type { Context } from 'hono';
import { z } from 'zod';
import { idError, LettaError, ruleError, validationError } from './errors.ts';

/** Reads a JSON body. 422 when it is no JSON or of the wrong shape; fields the shape does not name are left out. */
export async function readBody<Shape extends z.ZodType>(
  context: Context,
  shape: Shape,
): Promise<z.output<Shape>> {
  const text = await context.req.text();
  const input = text.trim() === '' ? {} : parseJson(text);
  const parsed = shape.safeParse(input);
  if (parsed.success) return parsed.data;
  throw validationError('body', parsed.error, input);
}

/** Levels of lists and objects within each other; whoever walks them by recursion must not run out of stack. */
const MOST_LEVELS = 200;

function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    if (isTooDeep(value)) throw ruleError(`JSON of more than ${MOST_LEVELS} levels is not taken`, null);
    return value;
  } catch (error) {
    if (error instanceof LettaError) throw error;
    throw new LettaError(422, {
      trace_id: '',
      detail: "[{'type': 'json_invalid', 'loc': ('body', 0), 'msg': 'JSON decode error', 'input': {}}]",
    });
  }
}

function isTooDeep(value: unknown): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MOST_LEVELS) return true;
    level = level.flatMap((each): unknown[] =>
      typeof each === 'object' && each !== null ? Object.values(each) : [],
    );
  }
  return false;
}

/** Reads the query; keys of `arrays` may come more than once and are always lists. */
export function readQuery<Shape extends z.ZodType>(
  context: Context,
  shape: Shape,
  arrays: readonly string[] = [],
): z.output<Shape> {
  const all = context.req.queries();
  const input = Object.fromEntries(
    Object.entries(all).map(([key, values]) => [key, arrays.includes(key) ? values : values.at(-1)]),
  );
  const parsed = shape.safeParse(input);
  if (parsed.success) return parsed.data;
  throw validationError('query', parsed.error, input);
}

/** A boolean of a query or form: `true`, `1`, `yes`, or their opposites. */
export const flag = z.stringbool();

const UUID4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Whether a text is `prefix-<uuid4>`. */
export function isId(prefix: string, value: string): boolean {
  return value.startsWith(`${prefix}-`) && UUID4.test(value.slice(prefix.length + 1));
}

/** An id of the path, e.g. `pathId(context, 'agent')` for `:agent_id`. 422 unless it is `prefix-<uuid4>`. */
export function pathId(context: Context, prefix: string): string {
  const name = `${prefix}_id`;
  const value = context.req.param(name) ?? '';
  if (!isId(prefix, value)) throw idError(name, prefix, value);
  return value;
}

/** An object without the keys whose value is `null` or absent: in V1 bodies `null` means "not said". */
export function said<Body extends Readonly<Record<string, unknown>>>(
  body: Body,
): { [Key in keyof Body]?: NonNullable<Body[Key]> } {
  const kept = Object.entries(body).filter(([, value]) => value !== null && value !== undefined);
  // The filter above is what the type says.
  return Object.fromEntries(kept) as { [Key in keyof Body]?: NonNullable<Body[Key]> };
}

const MICROSECONDS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
const ZONE = /(?:[zZ]|[+-]\d\d:?\d\d)$/;

/** A time of a body, made UTC text of fixed width. One without a zone is UTC, as Python clients mean it. */
export const time = z.string().transform((text, context) => {
  if (MICROSECONDS.test(text)) return text;
  const isClock = text.includes(':');
  const date = new Date(isClock && !ZONE.test(text) ? `${text.replace(' ', 'T')}Z` : text);
  if (!Number.isNaN(date.getTime())) return date.toISOString().replace('Z', '000Z');
  context.addIssue({ code: 'custom', message: 'Input should be a valid datetime' });
  return z.NEVER;
});
