import { sql } from 'kysely';
import type { Write } from '../database.ts';
import { type Look, scanTable } from './look.ts';

/** A reference from one table to another. `cure`: drop the row, empty the reference, or leave it as it is. */
type Link = {
  readonly table: string;
  readonly column: string;
  readonly target: string;
  readonly cure: 'drop' | 'empty' | 'none';
  /** SQL for the agent of a row. */
  readonly agent: string;
  readonly key?: string;
};

/** A reference to a row that is not there. */
export type DanglingLink = Pick<Link, 'table' | 'column' | 'target' | 'cure'> & {
  readonly key: number;
  readonly ref: string;
  readonly agent_id: string | null;
};

const OF_TALK = '(select agent_id from conversation where conversation.id = this.conversation_id)';

const LINKS: readonly Link[] = [
  { table: 'agent_block', column: 'agent_id', target: 'agent', cure: 'drop', agent: 'null' },
  { table: 'agent_block', column: 'block_id', target: 'block', cure: 'drop', agent: 'this.agent_id' },
  { table: 'agent_archive', column: 'agent_id', target: 'agent', cure: 'drop', agent: 'null' },
  { table: 'agent_archive', column: 'archive_id', target: 'archive', cure: 'drop', agent: 'this.agent_id' },
  { table: 'agent_version', column: 'agent_id', target: 'agent', cure: 'none', agent: 'null' },
  { table: 'window_entry', column: 'conversation_id', target: 'conversation', cure: 'drop', agent: 'null' },
  { table: 'draft', column: 'run_id', target: 'run', cure: 'drop', agent: 'null' },
  {
    table: 'passage_tag',
    column: 'passage_ord',
    target: 'passage.ord',
    cure: 'drop',
    agent: 'null',
    key: 'passage_ord',
  },
  { table: 'conversation', column: 'agent_id', target: 'agent', cure: 'none', agent: 'null' },
  {
    table: 'conversation',
    column: 'parent_id',
    target: 'conversation',
    cure: 'none',
    agent: 'this.agent_id',
  },
  {
    table: 'message',
    column: 'conversation_id',
    target: 'conversation',
    cure: 'none',
    agent: 'this.agent_id',
  },
  { table: 'summary', column: 'conversation_id', target: 'conversation', cure: 'none', agent: 'null' },
  { table: 'summary', column: 'parent_id', target: 'summary', cure: 'empty', agent: OF_TALK },
  { table: 'inbox', column: 'conversation_id', target: 'conversation', cure: 'none', agent: 'null' },
  { table: 'inbox', column: 'run_id', target: 'run', cure: 'empty', agent: OF_TALK },
  { table: 'inbox', column: 'message_id', target: 'message', cure: 'empty', agent: OF_TALK },
  { table: 'run', column: 'agent_id', target: 'agent', cure: 'none', agent: 'null' },
  { table: 'run', column: 'conversation_id', target: 'conversation', cure: 'none', agent: 'this.agent_id' },
  { table: 'run', column: 'message_id', target: 'message', cure: 'empty', agent: 'this.agent_id' },
  { table: 'step', column: 'run_id', target: 'run', cure: 'none', agent: 'this.agent_id' },
  { table: 'step_trace', column: 'step_id', target: 'step', cure: 'none', agent: 'null' },
  { table: 'tool_call', column: 'step_id', target: 'step', cure: 'none', agent: OF_TALK },
  { table: 'tool_call', column: 'run_id', target: 'run', cure: 'none', agent: OF_TALK },
  { table: 'tool_call', column: 'result_message_id', target: 'message', cure: 'empty', agent: OF_TALK },
  { table: 'approval', column: 'call_id', target: 'tool_call', cure: 'none', agent: 'this.agent_id' },
  { table: 'approval', column: 'run_id', target: 'run', cure: 'none', agent: 'this.agent_id' },
  { table: 'block_version', column: 'block_id', target: 'block', cure: 'none', agent: 'null' },
  { table: 'passage', column: 'archive_id', target: 'archive', cure: 'none', agent: 'null' },
  { table: 'passage_version', column: 'passage_id', target: 'passage', cure: 'none', agent: 'null' },
  { table: 'replay', column: 'step_id', target: 'step', cure: 'none', agent: 'null' },
];

/** Finds references to rows that are not there. */
export async function findDanglingLinks(look: Look): Promise<DanglingLink[]> {
  const found: DanglingLink[] = [];
  for (const { table, column, target, cure, agent, key = 'rowid' } of LINKS) {
    const [other, other_key = 'id'] = target.split('.');
    const rows = await scanTable(look, {
      from: `${table} as this`,
      key: `this.${key}`,
      columns: `this.${key} as key, cast(this.${column} as text) as ref, ${agent} as agent_id`,
      where: `this.${column} is not null and
        not exists (select 1 from ${other} as other where other.${other_key} = this.${column})`,
    });
    for (const row of rows) {
      const { ref, agent_id } = row as { ref: string; agent_id: string | null };
      found.push({ table, column, target: other ?? '', cure, key: Number(row['key']), ref, agent_id });
    }
  }
  return found;
}

/** Drops the row of a reference that leads nowhere, or empties the reference. Answers whether it was there. */
export async function cureLink(tx: Write, link: DanglingLink): Promise<boolean> {
  const { table, column, cure, key, ref } = link;
  if (cure === 'none') return false;
  const here = sql`${sql.ref(table === 'passage_tag' ? 'passage_ord' : 'rowid')} = ${key}
    and cast(${sql.ref(column)} as text) = ${ref}`;
  const { numAffectedRows = 0n } =
    cure === 'drop'
      ? await sql`delete from ${sql.table(table)} where ${here}`.execute(tx)
      : await sql`update ${sql.table(table)} set ${sql.ref(column)} = null where ${here}`.execute(tx);
  return numAffectedRows > 0n;
}
