import { sql } from 'kysely';
import type { Read, Write } from './database.ts';

/** An archive: where an agent's entries are filed. */
export type Archive = { readonly id: string; readonly name: string };

/** The agent's archive, or `null` when nothing was filed yet. */
export async function getArchiveOfAgent(read: Read, agent_id: string): Promise<Archive | null> {
  const row = await read
    .selectFrom('agent_archive')
    .innerJoin('archive', 'archive.id', 'agent_archive.archive_id')
    .select(['archive.id', 'archive.name'])
    .where('agent_archive.agent_id', '=', agent_id)
    .where('archive.deleted_at', 'is', null)
    .orderBy('archive.created_at')
    .executeTakeFirst();
  return row ?? null;
}

/** Makes an archive named after an agent. Answers whether there is such an agent. */
export async function insertArchiveNamedAfter(
  tx: Write,
  agent_id: string,
  archive: { readonly id: string; readonly created_at: string },
): Promise<boolean> {
  const result = await tx
    .insertInto('archive')
    .columns(['id', 'name', 'created_at', 'deleted_at'])
    .expression((query) =>
      query
        .selectFrom('agent')
        .select([
          sql<string>`${archive.id}`.as('id'),
          sql<string>`name || '''s Archive'`.as('name'),
          sql<string>`${archive.created_at}`.as('created_at'),
          sql<string | null>`null`.as('deleted_at'),
        ])
        .where('id', '=', agent_id)
        .where('deleted_at', 'is', null),
    )
    .executeTakeFirstOrThrow();
  return result.numInsertedOrUpdatedRows === 1n;
}

/** Gives an agent the use of an archive. */
export async function attachArchive(tx: Write, agent_id: string, archive_id: string): Promise<void> {
  await tx.insertInto('agent_archive').values({ agent_id, archive_id }).execute();
}

/** Agents that use an archive and are not in the trash. */
export async function listAgentsOfArchive(read: Read, archive_id: string): Promise<string[]> {
  const rows = await read
    .selectFrom('agent_archive')
    .innerJoin('agent', 'agent.id', 'agent_archive.agent_id')
    .select('agent.id')
    .where('agent_archive.archive_id', '=', archive_id)
    .where('agent.deleted_at', 'is', null)
    .orderBy('agent.id')
    .execute();
  return rows.map((row) => row.id);
}
