/** A value of JSON with the lines it takes when it is written out whole. */
export type JsonNode = {
  /** Name in its object, `null` in an array and at the top. */
  readonly key: string | null;
  /** First line, from 1, and last; the same for a value on one line. */
  readonly line: number;
  readonly end: number;
} & (
  | { readonly kind: 'value'; readonly text: string; readonly scalar: 'text' | 'number' | 'word' | 'empty' }
  | { readonly kind: 'list' | 'object'; readonly items: readonly JsonNode[] }
);

/** Reads a text as JSON with its lines; `null` when it is none. */
export function readJson(text: string): JsonNode | null {
  const value = parse(text);
  return value === undefined ? null : nodeOf(value, null, 1);
}

/** JSON with line breaks; any other text as it is. */
export function prettyJson(text: string): string {
  const value = parse(text);
  return value === undefined || typeof value === 'string' ? text : JSON.stringify(value, null, 2);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // A stream of events, or an answer that was cut: shown as it came.
    return undefined;
  }
}

function nodeOf(value: unknown, key: string | null, line: number): JsonNode {
  const entries = entriesOf(value);
  if (entries === null || entries.length === 0) {
    return { kind: 'value', key, line, end: line, text: JSON.stringify(value), scalar: scalarOf(value) };
  }
  const items: JsonNode[] = [];
  let at = line + 1;
  for (const [name, item] of entries) {
    const node = nodeOf(item, name, at);
    items.push(node);
    at = node.end + 1;
  }
  return { kind: Array.isArray(value) ? 'list' : 'object', key, line, end: at, items };
}

function entriesOf(value: unknown): [string | null, unknown][] | null {
  if (Array.isArray(value)) return value.map((item: unknown) => [null, item]);
  return typeof value === 'object' && value !== null ? Object.entries(value) : null;
}

function scalarOf(value: unknown): 'text' | 'number' | 'word' | 'empty' {
  if (typeof value === 'string') return 'text';
  if (typeof value === 'number') return 'number';
  return typeof value === 'object' && value !== null ? 'empty' : 'word';
}

/** A node on one line, as short as JSON is. */
export function compactJson(node: JsonNode): string {
  const name = node.key === null ? '' : `${JSON.stringify(node.key)}: `;
  if (node.kind === 'value') return name + node.text;
  const inside = node.items.map(compactJson).join(', ');
  return node.kind === 'list' ? `${name}[${inside}]` : `${name}{ ${inside} }`;
}

/** How many tokens a text is, as a rule of thumb: four characters each. */
export function roughTokens(text: string): number {
  return Math.ceil(text.length / 4);
}
