import { straighten } from '../memory/straighten.ts';
import { formatCount } from '../memory/text.ts';
import type { Look } from '../store/checkup/look.ts';
import { readMended } from '../store/checkup/mended.ts';
import {
  findChangedVersions,
  findDiffering,
  findVersionHoles,
  listLongBlocks,
  type MemoryKind,
  type VersionedRow,
} from '../store/checkup/version-rows.ts';
import { type Damage, damage, type Theatre } from './damage.ts';

const KINDS: readonly MemoryKind[] = ['block', 'passage'];
const NAMES: Readonly<Record<MemoryKind, string>> = { block: 'block', passage: 'archive entry' };

/** Blocks and archive entries beside their versions, the versions themselves, and limits. */
export async function checkMemory(look: Look): Promise<Damage[]> {
  const known = await readMended(look.read);
  const found: Damage[] = [];
  for (const kind of KINDS) {
    for (const row of await findDiffering(look, kind)) found.push(differs(kind, row));
    for (const hole of await findVersionHoles(look, kind)) {
      const { id, first, last, count, agent_id } = hole;
      found.push(
        damage({
          kind: 'version_hole',
          severity: 'warning',
          ref: `${kind} ${id}`,
          agent_id,
          what: `Of the versions ${first} to ${last} of the ${NAMES[kind]} ${id} only ${count} are there.`,
          where: `${kind} ${id}`,
          advice:
            'What was lost can not be made up; what is remembered now is whole. A backup of before may hold it.',
        }),
      );
    }
    for (const { id, owner, version } of await findChangedVersions(look, kind)) {
      if (known[id] === undefined) found.push(changed(kind, { id, owner, version }));
    }
  }
  return [...found, ...(await tooLong(look))];
}

function differs(kind: MemoryKind, row: VersionedRow): Damage {
  const { id, label, version, newest, agent_id } = row;
  const is_lost = newest === null || newest < version;
  const what = is_lost
    ? `Version ${version} of the ${NAMES[kind]} "${label}" is not among its versions.`
    : `The ${NAMES[kind]} "${label}" is not what its newest version says.`;
  return damage({
    kind: kind === 'block' ? 'block_differs' : 'entry_differs',
    severity: 'error',
    ref: id,
    agent_id,
    what,
    where: `${kind} ${id}, version ${version}; newest version ${newest ?? 'none'}`,
    repair: is_lost
      ? 'What it says now is written down as that version.'
      : 'It says what its newest version says again; a new version keeps the other text.',
    mend: (theatre) => mendDiffering(theatre, kind, row),
  });
}

async function mendDiffering(
  { tx, look, deps }: Theatre,
  kind: MemoryKind,
  { id, label }: VersionedRow,
): Promise<string | null> {
  const [row] = await findDiffering(look, kind, id);
  if (row === undefined) return null;
  const what = await straighten(tx, kind, { differing: row, clock: deps.clock });
  return what === 'version'
    ? `The ${NAMES[kind]} "${label}" has its version ${row.version} again.`
    : `The ${NAMES[kind]} "${label}" says what its newest version says; the other text is kept in its history.`;
}

function changed(
  kind: MemoryKind,
  { id, owner, version }: { id: string; owner: string; version: number },
): Damage {
  return damage({
    kind: 'changed_row',
    severity: 'warning',
    ref: id,
    what: `Version ${version} of the ${NAMES[kind]} ${owner} is not as it was written.`,
    where: `${kind}_version ${id}`,
    advice:
      'Something outside of Memoir changed it. The digest is left as evidence; a backup of before may hold it.',
  });
}

async function tooLong(look: Look): Promise<Damage[]> {
  const long = (await listLongBlocks(look)).filter(({ value, char_limit }) => value.length > char_limit);
  return long.map(({ id, label, value, char_limit, agent_id }) =>
    damage({
      kind: 'block_over_limit',
      severity: 'warning',
      ref: id,
      agent_id,
      what: `The block "${label}" has ${formatCount(value.length)} characters; its limit is ${formatCount(char_limit)}.`,
      where: `block ${id}`,
      advice: 'The agent can shorten it but not add to it. Shorten it, or raise its limit.',
    }),
  );
}
