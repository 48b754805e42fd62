import { chainDigest, toJson } from '../encoding.ts';
import { type Look, type ScanRow, scanTable, selectRows } from './look.ts';

/** Which of the two memories. */
export type MemoryKind = 'block' | 'passage';

/** A block or entry beside its newest version. */
export type VersionedRow = {
  readonly id: string;
  readonly label: string;
  readonly text: string;
  readonly version: number;
  readonly is_deleted: boolean;
  readonly agent_id: string | null;
  /** Number and text of its newest version; both `null` without one. The text is `null` in the trash, too. */
  readonly newest: number | null;
  readonly after: string | null;
};

const PLACES = {
  block: {
    text: 'this.value',
    label: 'this.label',
    table: 'block_version',
    owner: 'block_id',
    rest: 'settings',
    agent: '(select agent_id from agent_block where agent_block.block_id = this.id limit 1)',
  },
  passage: {
    text: 'this.text',
    label: 'substr(this.text, 1, 60)',
    table: 'passage_version',
    owner: 'passage_id',
    rest: 'tags',
    agent: '(select agent_id from agent_archive where agent_archive.archive_id = this.archive_id limit 1)',
  },
} as const;

/** Finds blocks or entries that differ from their newest version; with `id`, that one alone. */
export async function findDiffering(look: Look, kind: MemoryKind, id?: string): Promise<VersionedRow[]> {
  const { text, label, table, owner, agent } = PLACES[kind];
  const newest = `(select max(version) from ${table} where ${owner} = this.id)`;
  const after = `(select after from ${table} where ${owner} = this.id order by version desc limit 1)`;
  const differs = `(${newest} is not this.version
    or case when this.deleted_at is null then ${after} is not ${text} else ${after} is not null end)`;
  const rows = await scanTable(look, {
    from: `${kind} as this`,
    key: kind === 'block' ? 'this.rowid' : 'this.ord',
    columns: `this.id, ${label} as label, ${text} as text, this.version, this.deleted_at, ${agent} as agent_id,
      ${newest} as newest, ${after} as after`,
    where: id === undefined ? differs : `this.id = ? and ${differs}`,
    values: id === undefined ? [] : [id],
  });
  return rows.map(toVersionedRow);
}

function toVersionedRow(row: ScanRow): VersionedRow {
  const { deleted_at, ...rest } = row;
  return { ...(rest as Omit<VersionedRow, 'is_deleted'>), is_deleted: deleted_at !== null };
}

/** A block or entry whose versions have a hole: some between its first and its newest are not there. */
export type VersionHole = {
  readonly id: string;
  readonly first: number;
  readonly last: number;
  readonly count: number;
  readonly agent_id: string | null;
};

/** Finds holes in the versions of blocks or entries. */
export async function findVersionHoles(look: Look, kind: MemoryKind): Promise<VersionHole[]> {
  const { table, owner, agent } = PLACES[kind];
  const of = (what: string): string => `(select ${what} from ${table} where ${owner} = this.id)`;
  return (await scanTable(look, {
    from: `${kind} as this`,
    key: kind === 'block' ? 'this.rowid' : 'this.ord',
    columns: `this.id, ${of('min(version)')} as first, ${of('max(version)')} as last, ${of('count(*)')} as count,
      ${agent} as agent_id`,
    where: `${of('count(*)')} <> ${of('max(version) - min(version) + 1')}`,
  })) as unknown as VersionHole[];
}

const VERSIONS_AT_ONCE = 100;

type VersionRow = {
  readonly id: string;
  readonly owner: string;
  readonly version: number;
  readonly operation: string;
  readonly actor: string;
  readonly created_at: string;
  readonly rest: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly digest: string;
};

/** Finds versions that are not as they were written, by their digests. Behind a hole nothing is said. */
export async function findChangedVersions(
  look: Look,
  kind: MemoryKind,
): Promise<Pick<VersionRow, 'id' | 'owner' | 'version'>[]> {
  const { table, owner, rest } = PLACES[kind];
  const page = look.raw.prepare(
    `select id, ${owner} as owner, version, operation, actor, created_at, ${rest} as rest, before, after, digest
      from ${table} where (${owner}, version) > (?, ?) order by ${owner}, version limit ${VERSIONS_AT_ONCE}`,
  );
  const found: Pick<VersionRow, 'id' | 'owner' | 'version'>[] = [];
  let last: VersionRow | null = null;
  let rows = page.all('', 0) as VersionRow[];
  while (rows.length > 0) {
    for (const row of rows) {
      await look.pause();
      if (isChanged(row, last)) found.push(row);
      last = row;
    }
    rows = page.all(last?.owner ?? '', last?.version ?? 0) as VersionRow[];
  }
  return found.map(({ id, owner: of, version }) => ({ id, owner: of, version }));
}

function isChanged(row: VersionRow, last: VersionRow | null): boolean {
  if (last?.owner !== row.owner) return !isAsWritten(row, '');
  return last.version === row.version - 1 && !isAsWritten(row, last.digest);
}

// The facts that inserting a version chains, in its order.
function isAsWritten(row: VersionRow, before: string): boolean {
  const { id, version, operation, actor, created_at, rest, digest } = row;
  const facts = [id, String(version), operation, actor, created_at, rest];
  const texts = [toJson(row.before), toJson(row.after)];
  return digest === chainDigest(before, [...facts, ...texts], digest.slice(0, digest.indexOf('.')));
}

/** A block, its size and its limit. */
export type SizedBlock = {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly char_limit: number;
  readonly agent_id: string | null;
};

/** Lists blocks outside the trash that may be longer than their limit; characters are counted by the caller. */
export async function listLongBlocks(look: Look): Promise<SizedBlock[]> {
  return (await scanTable(look, {
    from: 'block as this',
    key: 'this.rowid',
    columns: `this.id, this.label, this.value, this.char_limit, ${PLACES.block.agent} as agent_id`,
    // A character is at most two units; the database counts characters.
    where: 'this.deleted_at is null and length(this.value) * 2 > this.char_limit',
  })) as unknown as SizedBlock[];
}

/** How many blocks and archive entries there are, or an agent has; trash included. */
export function countMemory(
  look: Look,
  agent_id: string | null,
): { readonly blocks: number; readonly entries: number } {
  const of = agent_id ?? '';
  const [row] = selectRows(
    look,
    `select
      (select count(*) from block where ? = '' or id in (select block_id from agent_block where agent_id = ?)) as blocks,
      (select count(*) from passage
        where ? = '' or archive_id in (select archive_id from agent_archive where agent_id = ?)) as entries`,
    of,
    of,
    of,
    of,
  );
  return { blocks: Number(row?.['blocks']), entries: Number(row?.['entries']) };
}
