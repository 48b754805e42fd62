import type { Read } from '../store/database.ts';
import { findKnownAgents } from '../store/import.ts';
import type { AgentFile } from './detect.ts';

/** Sentences about agents here that a file has to do with: imports of it, or the agent it was exported from. */
export async function warnOfKnownAgents(read: Read, { file, memoir, source }: AgentFile): Promise<string[]> {
  const ids = (memoir?.rows.agent ?? file.agents).map(({ id }) => id);
  const known = await findKnownAgents(read, source, ids);
  const told = known
    .filter(({ imported_at }) => imported_at === null)
    .map(
      ({ name }) => `${name}, which this file was exported from, is here. An import makes a copy beside it.`,
    );
  const made = known.flatMap(({ name, imported_at }) =>
    imported_at === null ? [] : [`${name} (${imported_at.slice(0, 16).replace('T', ' ')} UTC)`],
  );
  if (made.length === 0) return told;
  const shown = made.slice(-MAX_SHOWN).join(', ');
  const more = made.length > MAX_SHOWN ? ` and ${made.length - MAX_SHOWN} older` : '';
  return [...told, `Imported before and still here: ${shown}${more}. Another import makes another copy.`];
}

const MAX_SHOWN = 3;
