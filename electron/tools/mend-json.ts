/** A text made readable, and what was done to it, in words; or why it is not touched. */
export type Mended =
  | { readonly ok: true; readonly text: string; readonly repairs: readonly string[] }
  | { readonly ok: false; readonly message: string };

/**
 * Mends what models get wrong about JSON where only one reading is left: a code fence around it, raw line breaks inside
 * of texts, commas before a closing bracket, closing brackets missing at the end, and objects one behind the other, of
 * which the first counts. `is_whole`: the model ended by itself, so that an end without brackets is no cut. A text that
 * is cut inside of a value is never mended. The answer still has to be parsed.
 */
export function mendJson(raw: string, is_whole: boolean): Mended {
  const bare = withoutFence(raw);
  const scan = scanValue(bare.text);
  const repairs = [...bare.repairs, ...scan.repairs];
  if (scan.in_text) return { ok: false, message: 'they end inside of a text' };
  if (scan.open.length > 0) {
    if (!is_whole) return { ok: false, message: 'they were cut before their end' };
    if (!/["}\]]$/u.test(scan.text.trimEnd())) return { ok: false, message: 'they end inside of a value' };
    const missing = scan.open.toReversed().join('');
    return { ok: true, text: scan.text + missing, repairs: [...repairs, `added the missing ${missing}`] };
  }
  const rest = scan.rest.trim();
  if (rest === '') return { ok: true, text: scan.text, repairs };
  if (!is_whole) return { ok: false, message: 'they were cut, or are several objects' };
  if (!rest.startsWith('{')) return { ok: false, message: 'there is text behind the object' };
  // An empty object in front stands for nothing; the meaning is in what would be dropped.
  if (/^\s*\{\s*\}$/u.test(scan.text))
    return { ok: false, message: 'they are several objects, the first empty' };
  return { ok: true, text: scan.text, repairs: [...repairs, 'took the first of several objects'] };
}

const FENCE = /^\s*```[\w-]*[ \t]*\r?\n?([\s\S]*?)\r?\n?[ \t]*```\s*$/u;

function withoutFence(raw: string): { readonly text: string; readonly repairs: string[] } {
  const inside = FENCE.exec(raw)?.[1];
  return inside === undefined
    ? { text: raw, repairs: [] }
    : { text: inside, repairs: ['removed the code fence'] };
}

type Scan = {
  /** The first value, mended. */
  readonly text: string;
  /** What stands behind it. */
  readonly rest: string;
  /** Closing brackets it lacks, in the order they were opened. */
  readonly open: readonly string[];
  readonly in_text: boolean;
  readonly repairs: readonly string[];
};

const CLOSING: Readonly<Record<string, string>> = { '{': '}', '[': ']' };

/** Walks over the first object or list of a text, sign by sign; signs inside of texts are no brackets and no commas. */
function scanValue(text: string): Scan {
  const repairs = new Set<string>();
  const open: string[] = [];
  const parts: string[] = [];
  const scanned = (rest: string, in_text: boolean): Scan => ({
    text: parts.join(''),
    rest,
    open,
    in_text,
    repairs: [...repairs],
  });
  let at = 0;
  while (at < text.length) {
    const sign = text.charAt(at);
    if (sign === '"') {
      const string = scanText(text, at, repairs);
      parts.push(string.text);
      if (string.end === null) return scanned('', true);
      at = string.end;
      continue;
    }
    at += 1;
    if (sign === ',' && /^\s*[}\]]/u.test(text.slice(at, at + 200))) {
      repairs.add('removed a comma before a closing bracket');
      continue;
    }
    parts.push(sign);
    if (isLast(sign, open)) return scanned(text.slice(at), false);
  }
  return scanned('', false);
}

/** Keeps count of brackets; whether this sign closes the outermost. */
function isLast(sign: string, open: string[]): boolean {
  const closing = CLOSING[sign];
  if (closing !== undefined) open.push(closing);
  else if (sign === open.at(-1)) {
    open.pop();
    return open.length === 0;
  }
  return false;
}

/** The text that begins with the quote at `start`, its raw control signs escaped; `end` is behind its last quote. */
function scanText(
  text: string,
  start: number,
  repairs: Set<string>,
): { readonly text: string; readonly end: number | null } {
  const parts = ['"'];
  for (let at = start + 1; at < text.length; at += 1) {
    const sign = text.charAt(at);
    if (sign === '\\') {
      parts.push(text.slice(at, at + 2));
      at += 1;
    } else if (sign < ' ') {
      repairs.add('escaped line breaks inside of a text');
      parts.push(JSON.stringify(sign).slice(1, -1));
    } else {
      parts.push(sign);
      if (sign === '"') return { text: parts.join(''), end: at + 1 };
    }
  }
  return { text: parts.join(''), end: null };
}
