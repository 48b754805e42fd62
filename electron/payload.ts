/** Objects may lie this deep in one another: more than any real input, less than breaks a recursion. */
const MAX_DEPTH = 64;
/** Values in one input. */
const MAX_VALUES = 5_000_000;
const MEBIBYTE = 1024 * 1024;

/**
 * What is wrong with an input as a whole, before anyone looks at its shape: it must be plain data such as JSON can
 * carry, of at most `mebibytes` of text, 64 levels and 5 million values. `null` when nothing is.
 */
export function payloadProblem(input: unknown, mebibytes: number): string | null {
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value: input, depth: 0 }];
  let size = 0;
  let count = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth } = next;
    count += 1;
    if (depth > MAX_DEPTH) return `is nested deeper than ${MAX_DEPTH} levels`;
    if (count > MAX_VALUES) return `has more than ${MAX_VALUES} values`;
    if (typeof value === 'string') size += value.length;
    else if (isInner(value)) {
      // A list may be far longer than what is in it.
      if (Array.isArray(value) && value.length > MAX_VALUES) return `has more than ${MAX_VALUES} values`;
      for (const [key, inner] of Object.entries(value)) {
        size += key.length;
        open.push({ value: inner, depth: depth + 1 });
      }
    } else if (!isPlain(value)) return 'has values that are not plain data';
    if (size > mebibytes * MEBIBYTE) return `is larger than ${mebibytes} MiB`;
  }
  return null;
}

function isPlain(value: unknown): boolean {
  return value === null || value === undefined || typeof value === 'boolean' || Number.isFinite(value);
}

function isInner(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
