import { sql } from 'kysely';
import type { Write } from '../database.ts';
import { type Look, type ScanRow, scanTable, selectRows } from './look.ts';

/** Ids of runs that are at work or wait for a decision. */
export function listOpenRuns(look: Look): {
  readonly id: string;
  readonly agent_id: string;
  readonly conversation_id: string;
  readonly state: string;
  readonly instance_id: string;
  readonly lease_until: string | null;
}[] {
  return selectRows(
    look,
    `select id, agent_id, conversation_id, state, instance_id, lease_until from run
      where state in ('running', 'waiting') order by rowid`,
  ) as unknown as ReturnType<typeof listOpenRuns>;
}

/** Whether a waiting run has a call that somebody can decide about, or one that was decided and not yet carried out. */
export function hasRequests(look: Look, run_id: string): boolean {
  const [row] = selectRows(
    look,
    `select 1 as found from tool_call join approval on approval.call_id = tool_call.id
      where tool_call.run_id = ? and tool_call.state in ('pending', 'waiting', 'running') limit 1`,
    run_id,
  );
  return row !== undefined;
}

const IS_OVER = `not exists (select 1 from run where run.id = this.run_id and run.state in ('running', 'waiting'))`;

/** What a run left open that is over. */
export type LeftOpen = {
  readonly table: 'step' | 'approval' | 'inbox' | 'draft';
  /** Of the row; of a draft the id of its run. */
  readonly id: string;
  readonly agent_id: string | null;
};

const OF_RUN = '(select agent_id from run where run.id = this.run_id)';

const OPEN: readonly (readonly [LeftOpen['table'], id: string, agent: string, condition: string])[] = [
  ['step', 'this.id', 'this.agent_id', "this.state <> 'closed'"],
  ['approval', 'this.id', 'this.agent_id', "this.state = 'pending'"],
  [
    'inbox',
    'this.id',
    '(select agent_id from conversation where conversation.id = this.conversation_id)',
    "this.state = 'running'",
  ],
  ['draft', 'this.run_id', OF_RUN, 'true'],
];

/** Finds what is open of runs that are over: nobody will ever close it. */
export async function findLeftOpen(look: Look): Promise<LeftOpen[]> {
  const found: LeftOpen[] = [];
  for (const [table, id, agent, condition] of OPEN) {
    const rows = await scanTable(look, {
      from: `${table} as this`,
      key: 'this.rowid',
      columns: `${id} as id, ${agent} as agent_id`,
      where: `${condition} and ${IS_OVER}`,
    });
    for (const row of rows) found.push({ table, ...(row as Omit<LeftOpen, 'table'>) });
  }
  return found;
}

/** A row of the journal whose call is open though its run is over, or closed without the message of its result. */
export type OpenCallRow = {
  readonly id: string;
  readonly message_id: string;
  readonly tool_call_id: string;
  readonly conversation_id: string;
  readonly agent_id: string | null;
  readonly state: string;
  /** The message that answers it, where there is one. */
  readonly answer_id: string | null;
};

const CALL_COLUMNS = `this.id, this.message_id, this.tool_call_id, this.conversation_id, this.state,
  ${OF_RUN} as agent_id,
  (select id from message where message.conversation_id = this.conversation_id and message.role = 'tool'
    and message.tool_call_id = this.tool_call_id and message.run_id = this.run_id limit 1) as answer_id`;

/** Finds calls of the journal that are open though their run is over. */
export async function findOpenCalls(look: Look): Promise<OpenCallRow[]> {
  const rows: ScanRow[] = await scanTable(look, {
    from: 'tool_call as this',
    key: 'this.rowid',
    columns: CALL_COLUMNS,
    where: `this.state in ('pending', 'waiting', 'running') and ${IS_OVER}`,
  });
  return rows as unknown as OpenCallRow[];
}

/** Closes the rows of the journal of a call: what came of it is in the message of its result. */
export async function closeCallRows(
  tx: Write,
  end: {
    readonly message_id: string;
    readonly tool_call_id: string;
    readonly result: string;
    readonly result_message_id: string;
    readonly now: string;
  },
): Promise<void> {
  const { message_id, tool_call_id, result, result_message_id, now } = end;
  await tx
    .updateTable('tool_call')
    .set({ state: 'unknown', result, result_message_id, finished_at: now })
    .set({ started_at: sql<string>`coalesce(started_at, ${now})` })
    .where('message_id', '=', message_id)
    .where('tool_call_id', '=', tool_call_id)
    .where((where) =>
      where.or([
        where('state', 'in', ['pending', 'waiting', 'running']),
        where('result_message_id', 'is', null),
      ]),
    )
    .execute();
}

/** Closes what a run left open that is over. Answers whether it was. */
export async function closeLeftOpen(tx: Write, { table, id }: LeftOpen, now: string): Promise<boolean> {
  switch (table) {
    case 'step': {
      const { numUpdatedRows } = await tx
        .updateTable('step')
        .set({
          state: 'closed',
          closed_at: now,
          stop_reason: sql<string>`coalesce(stop_reason, 'interrupted')`,
        })
        .where('id', '=', id)
        .where('state', '!=', 'closed')
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    }
    case 'approval': {
      const { numUpdatedRows } = await tx
        .updateTable('approval')
        .set({ state: 'cancelled', decided_by: 'system', decided_at: now })
        .where('id', '=', id)
        .where('state', '=', 'pending')
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    }
    case 'inbox': {
      // What never became a message of the talk is answered after all.
      const { numUpdatedRows } = await tx
        .updateTable('inbox')
        .set({ state: sql<'done'>`case when message_id is null then 'queued' else 'done' end` })
        .set({ lease_until: null })
        .where('id', '=', id)
        .where('state', '=', 'running')
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    }
    case 'draft':
      return false;
  }
}
