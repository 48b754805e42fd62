import fc from 'fast-check';

/** One way to spoil a file: a random choice of kind, place and value. Equal choices give equal files. */
export type Mutation = {
  readonly kind: 'drop' | 'retype' | 'same_id' | 'dangling' | 'repeat' | 'cut_text';
  readonly place: number;
  readonly other: number;
};

/** One to three mutations. */
export const mutations: fc.Arbitrary<Mutation[]> = fc.array(
  fc.record({
    kind: fc.constantFrom<Mutation['kind'][]>(
      'drop',
      'retype',
      'retype',
      'same_id',
      'dangling',
      'repeat',
      'cut_text',
    ),
    place: fc.nat(1_000_000),
    other: fc.nat(1_000_000),
  }),
  { minLength: 1, maxLength: 3 },
);

type Place = { readonly home: Record<string, unknown>; readonly key: string };

/** Kept as they came and never read: spoiling them would only test JSON. */
const UNREAD = new Set(['json_schema', 'args_json_schema', 'embedding_config', 'source_code']);
const VALUES: readonly unknown[] = [
  null,
  7,
  -1,
  1e30,
  0.5,
  '',
  'x',
  '[]',
  '{}',
  true,
  [],
  {},
  [null],
  '2026-13-45',
  'sk\ud800',
];
const REFERENCE = /(?:^|_)ids?$|^(?:id|ref|undoes|undone_by)$/u;

/** A spoiled copy of a file's value. */
export function mutate(value: unknown, changes: readonly Mutation[]): unknown {
  const copy = structuredClone(value);
  for (const change of changes) apply(copy, change);
  return copy;
}

function apply(root: unknown, { kind, place, other }: Mutation): void {
  const all: Place[] = [];
  collect(root, all);
  const isReference = kind === 'same_id' || kind === 'dangling';
  const fit = isReference
    ? all.filter(({ home, key }) => REFERENCE.test(key) && typeof home[key] === 'string')
    : all;
  const chosen = fit[place % Math.max(1, fit.length)];
  const source = fit[other % Math.max(1, fit.length)];
  if (chosen !== undefined) spoil[kind](chosen, other, source);
}

const spoil: Record<Mutation['kind'], (chosen: Place, other: number, source: Place | undefined) => void> = {
  drop: ({ home, key }) => {
    if (Array.isArray(home)) home.splice(Number(key), 1);
    else Reflect.deleteProperty(home, key);
  },
  retype: ({ home, key }, other) => {
    home[key] = structuredClone(VALUES[other % VALUES.length]);
  },
  same_id: ({ home, key }, _other, source) => {
    home[key] = source?.home[source.key];
  },
  dangling: ({ home, key }) => {
    home[key] = `${String(home[key])}9`;
  },
  repeat: ({ home, key }) => {
    if (Array.isArray(home)) home.splice(Number(key), 0, structuredClone(home[Number(key)]));
  },
  cut_text: ({ home, key }) => {
    if (typeof home[key] === 'string') home[key] = home[key].slice(0, Math.floor(home[key].length / 2));
  },
};

function collect(value: unknown, into: Place[]): void {
  if (typeof value !== 'object' || value === null) return;
  const home = value as Record<string, unknown>;
  for (const key of Object.keys(home)) {
    if (UNREAD.has(key)) continue;
    into.push({ home, key });
    collect(home[key], into);
  }
}
