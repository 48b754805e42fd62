import type { Pause } from '../store/pause.ts';

/** A text of a file and where it stands, in words. */
export type PlacedText = {
  readonly place: string;
  readonly text: string;
  /** An older copy of texts named before: it counts for what stands nowhere else. */
  readonly is_copy?: true;
  /** What its name says it is, such as a password: the whole text is one. */
  readonly named?: string;
};

const KINDS: readonly (readonly [string, RegExp])[] = [
  ['API key', /\bsk-(?=[\w-]*\d)[\w-]{16,}/gu],
  ['AWS key', /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/gu],
  ['GitHub token', /\b(?:gh[opsur]_\w{20,}|github_pat_\w{20,})/gu],
  ['private key', /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/gu],
];
const MAX_SHOWN = 6;

/**
 * A sentence with number, kinds and places of what looks like a secret in texts of a file, or none. The secrets
 * themselves are not repeated.
 */
export async function warnOfLeaks(texts: Iterable<PlacedText>, pause: Pause): Promise<string[]> {
  const kinds = new Set<string>();
  const places = new Map<string, Set<string>>();
  const seen = new Set<string>();
  for (const { place, text, is_copy, named } of texts) {
    await pause();
    const own = places.get(place) ?? new Set();
    for (const { kind, secret } of named === undefined
      ? findSecrets(text)
      : [{ kind: named, secret: text }]) {
      if (is_copy === true && seen.has(secret)) continue;
      seen.add(secret);
      kinds.add(kind);
      places.set(place, own.add(secret));
    }
  }
  const count = [...places.values()].reduce((sum, { size }) => sum + size, 0);
  if (count === 0) return [];
  const shown = [...places.keys()].slice(0, MAX_SHOWN);
  const more = places.size > MAX_SHOWN ? ` and ${places.size - MAX_SHOWN} more places` : '';
  const what = count === 1 ? '1 text looks like a secret' : `${count} texts look like secrets`;
  return [
    `${what} (${[...kinds].join(', ')}): in ${shown.join(', ')}${more}. The file holds them as they were written; ` +
      'nothing was taken out. Look before you share it.',
  ];
}

function findSecrets(text: string): { readonly kind: string; readonly secret: string }[] {
  return KINDS.flatMap(([kind, pattern]) =>
    [...text.matchAll(pattern)].map(([secret]) => ({ kind, secret })),
  );
}
