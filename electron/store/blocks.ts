import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';
import type { Block } from '../../shared/contract/blocks.ts';
import { AppError } from '../../shared/errors.ts';
import type { Read, Write } from './database.ts';
import { fromJson, toJson } from './encoding.ts';
import type { Schema } from './schema.ts';

/** What a row of `block` holds, in the contract's terms; `agent_ids` lives in `agent_block`. */
export type BlockRecord = Omit<Block, 'agent_ids'> & { readonly deleted_at: string | null };

/** A block as stored: a {@link Block} that may be in the trash. */
export type StoredBlock = Block & { readonly deleted_at: string | null };

type BlockRow = Schema['block'] & { readonly agent_ids: string };

/** Inserts a block; attach it apart. */
export async function insertBlock(tx: Write, block: BlockRecord): Promise<void> {
  await tx.insertInto('block').values(toRow(block)).execute();
}

/** Reads a block that is not in the trash, or `null`. */
export async function getBlock(read: Read, block_id: string): Promise<Block | null> {
  const stored = await getStoredBlock(read, block_id);
  return stored === null || stored.deleted_at !== null ? null : toBlock(stored);
}

/** Reads a block even when it is in the trash, or `null`. */
export async function getStoredBlock(read: Read, block_id: string): Promise<StoredBlock | null> {
  const row = await selectBlocks(read).where('block.id', '=', block_id).executeTakeFirst();
  return row === undefined ? null : toStored(row);
}

/** Blocks of an agent in prompt order, without those in the trash. */
export async function listBlocksOfAgent(read: Read, agent_id: string): Promise<Block[]> {
  const rows = await selectBlocks(read)
    .innerJoin('agent_block', 'agent_block.block_id', 'block.id')
    .where('agent_block.agent_id', '=', agent_id)
    .where('block.deleted_at', 'is', null)
    .orderBy('agent_block.ord')
    .orderBy('block.id')
    .execute();
  return rows.map((row) => toBlock(toStored(row)));
}

/** Blocks of several agents by the agent's id, each list in prompt order, without those in the trash. */
export async function listBlocksOfAgents(
  read: Read,
  agent_ids: readonly string[],
): Promise<Map<string, Block[]>> {
  const rows = await selectBlocks(read)
    .innerJoin('agent_block', 'agent_block.block_id', 'block.id')
    .select('agent_block.agent_id as owner_id')
    .where('agent_block.agent_id', 'in', oneOf(agent_ids))
    .where('block.deleted_at', 'is', null)
    .orderBy('agent_block.ord')
    .orderBy('block.id')
    .execute();
  const grouped = Map.groupBy(rows, (row) => row.owner_id);
  return new Map([...grouped].map(([id, own]) => [id, own.map((row) => toBlock(toStored(row)))]));
}

/** Every block that is not in the trash, by label. */
export async function listBlocks(read: Read): Promise<Block[]> {
  const rows = await selectBlocks(read)
    .where('block.deleted_at', 'is', null)
    .orderBy('block.label')
    .orderBy('block.id')
    .execute();
  return rows.map((row) => toBlock(toStored(row)));
}

/** Writes a block whose row must still be at `base_version`; throws `conflict` when it moved on. */
export async function updateBlockRow(tx: Write, block: BlockRecord, base_version: number): Promise<void> {
  const { id, created_at: _, ...values } = toRow(block);
  const result = await tx
    .updateTable('block')
    .set(values)
    .where('id', '=', id)
    .where('version', '=', base_version)
    .executeTakeFirstOrThrow();
  if (result.numUpdatedRows !== 1n) {
    throw new AppError(
      'conflict',
      `The block ${block.label} was changed meanwhile. Read it again, then repeat the edit.`,
      {
        details: { block_id: id, base_version },
      },
    );
  }
}

/** Attaches a block behind the agent's others; attached already changes nothing. */
export async function attachBlock(tx: Write, agent_id: string, block_id: string): Promise<void> {
  await tx
    .insertInto('agent_block')
    .values({
      agent_id,
      block_id,
      ord: sql<number>`(select coalesce(max(ord), 0) + 1 from agent_block where agent_id = ${agent_id})`,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Takes a block out of an agent. Answers whether it was attached. */
export async function detachBlock(tx: Write, agent_id: string, block_id: string): Promise<boolean> {
  const result = await tx
    .deleteFrom('agent_block')
    .where('agent_id', '=', agent_id)
    .where('block_id', '=', block_id)
    .executeTakeFirstOrThrow();
  return result.numDeletedRows === 1n;
}

/** Labels of the agents' other blocks among which `label` would be a second one; empty when it is free. */
export async function findLabelOwners(
  read: Read,
  label: string,
  agent_ids: readonly string[],
  except_block_id: string,
): Promise<string[]> {
  if (agent_ids.length === 0) return [];
  const rows = await read
    .selectFrom('agent_block')
    .innerJoin('block', 'block.id', 'agent_block.block_id')
    .innerJoin('agent', 'agent.id', 'agent_block.agent_id')
    .select('agent.name')
    .where('agent_block.agent_id', 'in', agent_ids)
    .where('block.label', '=', label)
    .where('block.id', '!=', except_block_id)
    .where('block.deleted_at', 'is', null)
    .orderBy('agent.name')
    .execute();
  return rows.map((row) => row.name);
}

// As one value: a statement takes only so many.
function oneOf(ids: readonly string[]): RawBuilder<string> {
  return sql<string>`(select value from json_each(${toJson(ids)}))`;
}

function selectBlocks(read: Read): SelectQueryBuilder<Schema, 'block', BlockRow> {
  return read.selectFrom('block').selectAll('block').select(agentIds.as('agent_ids'));
}

const agentIds = sql<string>`(select json_group_array(owner.agent_id order by agent.created_at, agent.id)
    from agent_block as owner join agent on agent.id = owner.agent_id
    where owner.block_id = block.id and agent.deleted_at is null)`;

function toRow(block: BlockRecord): Schema['block'] {
  return {
    id: block.id,
    label: block.label,
    value: block.value,
    description: block.description,
    char_limit: block.limit,
    read_only: block.read_only ? 1 : 0,
    review: block.review ? 1 : 0,
    tags: toJson(block.tags),
    metadata: toJson(block.metadata),
    version: block.version,
    created_at: block.created_at,
    updated_at: block.updated_at,
    deleted_at: block.deleted_at,
  };
}

function toStored(row: BlockRow): StoredBlock {
  return {
    id: row.id,
    label: row.label,
    value: row.value,
    description: row.description,
    limit: row.char_limit,
    read_only: row.read_only === 1,
    review: row.review === 1,
    tags: fromJson<string[]>(row.tags),
    metadata: fromJson<Record<string, unknown>>(row.metadata),
    agent_ids: fromJson<string[]>(row.agent_ids),
    version: row.version,
    created_at: row.created_at,
    updated_at: row.updated_at,
    deleted_at: row.deleted_at,
  };
}

/** Drops what only the store knows. */
export function toBlock(stored: StoredBlock): Block {
  const { deleted_at: _, ...block } = stored;
  return block;
}
