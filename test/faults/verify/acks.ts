import type SqliteHandle from 'better-sqlite3';
import type { MemoryChange } from '../../../shared/contract/blocks.ts';
import type { Run } from '../../../shared/contract/conversations.ts';
import type { MethodName, OutputOf } from '../../../shared/contract/index.ts';
import type { MemoirEvent } from '../../../shared/events.ts';

/** Something a backend said is done: the row of a table, and what its columns must hold. */
export type Ack = {
  readonly table:
    | 'message'
    | 'inbox'
    | 'block_version'
    | 'passage_version'
    | 'run'
    | 'tool_call'
    | 'approval'
    | 'proposal'
    | 'agent'
    | 'conversation'
    | 'summary';
  /** Columns that name the row. */
  readonly key: Readonly<Record<string, string | number>>;
  /** Columns that never change once they were told. */
  readonly holds: Readonly<Record<string, string | number | null>>;
};

type Told = {
  readonly [Type in MemoirEvent['type']]?: (event: Extract<MemoirEvent, { type: Type }>) => Ack[];
};

/** What an event acknowledges; events about what is still under way acknowledge nothing. */
export function acksOfEvent(event: MemoirEvent): Ack[] {
  const read = told[event.type] as ((event: MemoirEvent) => Ack[]) | undefined;
  return read?.(event) ?? [];
}

const agentRow = ({ id }: { readonly id: string }): Ack => ({ table: 'agent', key: { id }, holds: {} });
const talkRow = ({ id }: { readonly id: string }): Ack => ({ table: 'conversation', key: { id }, holds: {} });

const runRow = ({ run: { id, state } }: { readonly run: Run }): Ack[] => [
  // Any other end can be gone on from.
  { table: 'run', key: { id }, holds: state === 'completed' ? { state } : {} },
];

const told: Told = {
  'message.added': ({ message: { id, text, seq, status } }) => [
    { table: 'message', key: { id }, holds: { text, seq, status } },
  ],
  'run.started': runRow,
  'run.paused': runRow,
  'run.finished': runRow,
  'approval.changed': ({ approval: { id, state } }) => [
    { table: 'approval', key: { id }, holds: state === 'pending' ? {} : { state } },
  ],
  'proposal.changed': ({ proposal: { id, state } }) => [
    { table: 'proposal', key: { id }, holds: state === 'pending' ? {} : { state } },
  ],
  'tool.changed': ({ tool_call: { step_id, tool_call_id, state, result } }) => {
    const holds = state === 'done' || state === 'failed' ? { state, result } : {};
    return [{ table: 'tool_call', key: { step_id, tool_call_id }, holds }];
  },
  'queue.changed': ({ queue }) =>
    queue.map(({ id, otid }) => ({ table: 'inbox', key: { id }, holds: { otid } })),
  'memory.changed': ({ change }) => [versionOfChange(change)],
  'block.changed': ({ block }) => [versionOfBlock(block)],
  'passage.changed': ({ passage }) => [versionOfPassage(passage)],
  'agent.changed': ({ agent }) => [agentRow(agent)],
  'conversation.changed': ({ conversation }) => [talkRow(conversation)],
  'window.changed': ({ summary }) =>
    summary === null ? [] : [{ table: 'summary', key: { id: summary.id }, holds: {} }],
};

/** What the reply of a method acknowledges; only for methods that write. */
export function acksOfReply<Name extends MethodName>(name: Name, output: OutputOf<Name>): Ack[] {
  const make = replies[name] as ((output: OutputOf<Name>) => Ack[]) | undefined;
  return make?.(output) ?? [];
}

type Replies = { readonly [Name in MethodName]?: (output: OutputOf<Name>) => Ack[] };

const replies: Replies = {
  'messages.send': ({ inbox_id }) => [{ table: 'inbox', key: { id: inbox_id }, holds: {} }],
  'agents.create': (agent) => [agentRow(agent)],
  'agents.update': (agent) => [
    { table: 'agent', key: { id: agent.id }, holds: { name: agent.name, version: agent.version } },
  ],
  'agents.import': ({ agent_ids }) => agent_ids.map((id) => agentRow({ id })),
  'conversations.create': (conversation) => [talkRow(conversation)],
  'conversations.update': (conversation) => [talkRow(conversation)],
  'conversations.branch': ({ conversation, inbox_id }) => [
    talkRow(conversation),
    { table: 'inbox', key: { id: inbox_id }, holds: {} },
  ],
  'conversations.fork': ({ agent, conversation }) => [agentRow(agent), talkRow(conversation)],
  'conversations.compact': ({ summary }) =>
    summary === null ? [] : [{ table: 'summary', key: { id: summary.id }, holds: {} }],
  'blocks.create': (block) => [versionOfBlock(block)],
  'blocks.update': (block) => [versionOfBlock(block)],
  'blocks.restore': (block) => [versionOfBlock(block)],
  'changes.undo': ({ change }) => [versionOfChange(change)],
  'archive.add': (passage) => [versionOfPassage(passage)],
  'archive.update': (passage) => [versionOfPassage(passage)],
  'approvals.decide': ({ approvals }) =>
    approvals.map(({ id, state }) => ({ table: 'approval', key: { id }, holds: { state } })),
  'proposals.decide': ({ proposal }) => [
    { table: 'proposal', key: { id: proposal.id }, holds: { state: proposal.state } },
  ],
};

function versionOfChange({ kind, id, after }: MemoryChange): Ack {
  return { table: kind === 'block' ? 'block_version' : 'passage_version', key: { id }, holds: { after } };
}

function versionOfBlock(block: {
  readonly id: string;
  readonly version: number;
  readonly value: string;
}): Ack {
  const key = { block_id: block.id, version: block.version };
  return { table: 'block_version', key, holds: { after: block.value } };
}

function versionOfPassage(entry: {
  readonly id: string;
  readonly version: number;
  readonly text: string;
}): Ack {
  const key = { passage_id: entry.id, version: entry.version };
  return { table: 'passage_version', key, holds: { after: entry.text } };
}

/** Acknowledged rows that are not there, or not as they were told; a sentence each. */
export function findLost(handle: SqliteHandle.Database, acks: readonly Ack[]): string[] {
  return acks.flatMap((ack) => {
    const where = Object.keys(ack.key)
      .map((column) => `"${column}" = ?`)
      .join(' and ');
    const row = handle
      .prepare(`select * from "${ack.table}" where ${where}`)
      .get(...Object.values(ack.key)) as Record<string, unknown> | undefined;
    const named = `${ack.table} ${JSON.stringify(ack.key)}`;
    if (row === undefined) return [`${named} was acknowledged and is not there`];
    return Object.entries(ack.holds)
      .filter(([column, value]) => row[column] !== value)
      .map(
        ([column, value]) =>
          `${named} was acknowledged with ${column} ${String(value)} and has ${String(row[column])}`,
      );
  });
}
