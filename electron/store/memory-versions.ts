import { sql } from 'kysely';
import type { Block, MemoryChange } from '../../shared/contract/blocks.ts';
import { ONE, type Read, type Write } from './database.ts';
import { chainDigest, fromJson, toJson } from './encoding.ts';
import { fromBlockRow, fromPassageRow, type VersionColumns } from './memory-changes.ts';

/** What a block is besides its text; each version keeps it whole. */
export type BlockSettings = Pick<
  Block,
  'label' | 'description' | 'limit' | 'read_only' | 'review' | 'tags' | 'metadata'
>;

/** A version of a block: the change that made it and the settings it left. */
export type BlockVersion = { readonly change: MemoryChange; readonly settings: BlockSettings };

/** A version of an archive entry: the change that made it and the tags it left. */
export type PassageVersion = { readonly change: MemoryChange; readonly tags: readonly string[] };

/** Inserts a version of a block, its digest chained to the one before. */
export async function insertBlockVersion(tx: Write, { change, settings }: BlockVersion): Promise<void> {
  const before = await tx
    .selectFrom('block_version')
    .select('digest')
    .where('block_id', '=', change.target_id)
    .orderBy('version', 'desc')
    .limit(ONE)
    .executeTakeFirst();
  const text = toJson(settings);
  await tx
    .insertInto('block_version')
    .values({
      ...causeColumns(change),
      block_id: change.target_id,
      label: change.label,
      settings: text,
      digest: digestOf(before?.digest, change, text),
    })
    .execute();
  await insertMoment(tx, change.id);
}

/** Inserts a version of an archive entry, its digest chained to the one before. */
export async function insertPassageVersion(tx: Write, { change, tags }: PassageVersion): Promise<void> {
  const before = await tx
    .selectFrom('passage_version')
    .select('digest')
    .where('passage_id', '=', change.target_id)
    .orderBy('version', 'desc')
    .limit(ONE)
    .executeTakeFirst();
  const text = toJson(tags);
  await tx
    .insertInto('passage_version')
    .values({
      ...causeColumns(change),
      passage_id: change.target_id,
      tags: text,
      digest: digestOf(before?.digest, change, text),
    })
    .execute();
  await insertMoment(tx, change.id);
}

// A clock may stand still or jump; the numbers of messages only grow.
async function insertMoment(tx: Write, version_id: string): Promise<void> {
  const ord = sql<number>`(select coalesce(max(ord), 0) from message)`;
  await tx.insertInto('version_moment').values({ version_id, ord }).execute();
}

/** One version of a block, or `null`. */
export async function getBlockVersion(
  read: Read,
  block_id: string,
  version: number,
): Promise<BlockVersion | null> {
  const row = await read
    .selectFrom('block_version')
    .selectAll()
    .where('block_id', '=', block_id)
    .where('version', '=', version)
    .executeTakeFirst();
  return row === undefined ? null : { change: fromBlockRow(row), settings: readSettings(row.settings) };
}

/** One version of an archive entry, or `null`. */
export async function getPassageVersion(
  read: Read,
  passage_id: string,
  version: number,
): Promise<PassageVersion | null> {
  const row = await read
    .selectFrom('passage_version')
    .selectAll()
    .where('passage_id', '=', passage_id)
    .where('version', '=', version)
    .executeTakeFirst();
  return row === undefined ? null : { change: fromPassageRow(row), tags: fromJson<string[]>(row.tags) };
}

// Versions from before blocks could be reviewed say nothing of it: then none was.
function readSettings(text: string): BlockSettings {
  return { review: false, ...fromJson<Omit<BlockSettings, 'review'>>(text) };
}

function causeColumns(change: MemoryChange): Omit<VersionColumns, 'digest'> {
  const { kind: _kind, target_id: _target, label: _label, ...columns } = change;
  return columns;
}

function digestOf(previous: string | undefined, change: MemoryChange, rest: string): string {
  const { before, after } = change;
  const told = [change.id, String(change.version), change.operation, change.actor, change.created_at, rest];
  return chainDigest(previous ?? '', [...told, toJson(before), toJson(after)]);
}
