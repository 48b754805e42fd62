import { estimateTokens } from '../memory/passage-versions.ts';
import type { Read } from '../store/database.ts';
import { fromJson } from '../store/encoding.ts';
import { type BackupRow, type BackupRows, readBlockRows } from '../store/import.ts';
import type { BlockSettings } from '../store/memory-versions.ts';
import { judgeOf, listBlocksThen, type Moment, type VersionThen } from '../store/memory-then.ts';

/** The tables of a memory. */
export type MemoryRows = Pick<
  BackupRows,
  | 'agent_archive'
  | 'agent_block'
  | 'archive'
  | 'block'
  | 'block_version'
  | 'passage'
  | 'passage_tag'
  | 'passage_version'
>;

/**
 * The memory of an agent as it was with a message, from the rows it has now: each block and entry as its version of
 * then says, those lost since included, those in the trash then left out. No moment: as it is now.
 */
export async function memoryRowsAt(
  read: Read,
  rows: BackupRows,
  { agent_id, moment }: { readonly agent_id: string; readonly moment: Moment | null },
): Promise<MemoryRows> {
  const links =
    moment === null
      ? rows.agent_block.map((row) => ({ block_id: String(row['block_id']), ord: Number(row['ord']) }))
      : await listBlocksThen(read, agent_id, moment);
  const found = await readBlockRows(
    read,
    links.map(({ block_id }) => block_id),
  );
  const versions = [...found.block_version, ...rows.passage_version].map((row) => String(row['id']));
  const newest: VersionThen = (history) => history.at(-1) ?? null;
  const versionThen = moment === null ? newest : await judgeOf(read, moment, versions);
  const blocks = blocksThen(found, versionThen);
  const here = new Set(blocks.block.map((row) => row['id']));
  const agent_block = links
    .filter(({ block_id }) => here.has(block_id))
    .map((link) => ({ agent_id, ...link }));
  return { ...blocks, agent_block, ...archiveThen(rows, versionThen) };
}

function blocksThen(
  rows: Pick<BackupRows, 'block' | 'block_version'>,
  versionThen: VersionThen,
): Pick<MemoryRows, 'block' | 'block_version'> {
  const histories = Map.groupBy(rows.block_version, (row) => row['block_id']);
  const block: BackupRow[] = [];
  const block_version: BackupRow[] = [];
  for (const row of rows.block) {
    const { newest, past } = lastOf(histories.get(row['id'] ?? null) ?? [], versionThen);
    if (newest === null || newest['after'] === null) continue;
    block.push({ ...row, ...blockOf(newest), deleted_at: null });
    block_version.push(...past);
  }
  return { block, block_version };
}

function blockOf(version: BackupRow): BackupRow {
  // Versions of before there were reviews say nothing of it.
  type Settings = Omit<BlockSettings, 'review'> & { readonly review?: boolean };
  const settings = fromJson<Settings>(String(version['settings']));
  const { label, description, limit, read_only, review, tags, metadata } = settings;
  return {
    label,
    value: version['after'] ?? '',
    description,
    char_limit: limit,
    read_only: read_only ? 1 : 0,
    ...(review === undefined ? {} : { review: review ? 1 : 0 }),
    tags: JSON.stringify(tags),
    metadata: JSON.stringify(metadata),
    version: version['version'] ?? null,
    updated_at: version['created_at'] ?? null,
  };
}

function archiveThen(
  rows: BackupRows,
  versionThen: VersionThen,
): Pick<MemoryRows, 'agent_archive' | 'archive' | 'passage' | 'passage_tag' | 'passage_version'> {
  const histories = Map.groupBy(rows.passage_version, (row) => row['passage_id']);
  const passage: BackupRow[] = [];
  const passage_tag: BackupRow[] = [];
  const passage_version: BackupRow[] = [];
  for (const row of rows.passage) {
    const { newest, past } = lastOf(histories.get(row['id'] ?? null) ?? [], versionThen);
    if (newest === null || newest['after'] === null) continue;
    const text = String(newest['after']);
    passage.push({
      ...row,
      text,
      token_count: estimateTokens(text),
      version: newest['version'] ?? null,
      updated_at: newest['created_at'] ?? null,
      deleted_at: null,
    });
    const tags = fromJson<string[]>(String(newest['tags']));
    passage_tag.push(...tags.map((tag) => ({ passage_ord: row['ord'] ?? null, tag })));
    passage_version.push(...past);
  }
  const archive = rows.archive.map((row) => ({ ...row, deleted_at: null }));
  return { archive, agent_archive: rows.agent_archive, passage, passage_tag, passage_version };
}

type Past = { readonly newest: BackupRow | null; readonly past: readonly BackupRow[] };

function lastOf(history: readonly BackupRow[], versionThen: VersionThen): Past {
  const facts = history.map((row) => ({
    row,
    id: String(row['id']),
    version: Number(row['version']),
    created_at: String(row['created_at']),
    conversation_id: textOf(row['conversation_id']),
    run_id: textOf(row['run_id']),
    tool_call_id: textOf(row['tool_call_id']),
  }));
  const found = versionThen(facts);
  if (found === null) return { newest: null, past: [] };
  const past = history.filter((row) => Number(row['version']) <= found.version);
  return { newest: found.row, past };
}

function textOf(value: BackupRow[string] | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
