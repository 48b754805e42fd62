import { isDeepStrictEqual } from 'node:util';
import type { BlockSettings } from '../store/memory-versions.ts';

/** Merges two edits of a block's settings field by field; `null` when both changed one field differently. */
export function mergeSettings(
  base: BlockSettings,
  ours: BlockSettings,
  theirs: BlockSettings,
): BlockSettings | null {
  const names = ['label', 'description', 'limit', 'read_only', 'review', 'tags', 'metadata'] as const;
  const isClash = names.some(
    (name) => isChanged(base, ours, name) && isChanged(base, theirs, name) && isChanged(ours, theirs, name),
  );
  if (isClash) return null;
  const changed = names.filter((name) => isChanged(base, theirs, name)).map((name) => [name, theirs[name]]);
  return { ...ours, ...(Object.fromEntries(changed) as Partial<BlockSettings>) };
}

function isChanged(a: BlockSettings, b: BlockSettings, name: keyof BlockSettings): boolean {
  return !isDeepStrictEqual(a[name], b[name]);
}
