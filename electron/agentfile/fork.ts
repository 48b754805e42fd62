import { MAX_NAME_CHARS } from '../../shared/contract/transfer.ts';
import { windowAt, type WindowHome } from '../store/branch-window.ts';
import type { Clock } from '../store/clock.ts';
import { readConversation } from '../store/conversations.ts';
import type { Database, Read } from '../store/database.ts';
import { clipText } from '../store/encoding.ts';
import { type BackupRows, readBackupRows } from '../store/import.ts';
import { insertBackup, prepareBackup } from '../store/insert-backup.ts';
import type { Moment } from '../store/memory-then.ts';
import { readMessageOfTalk } from '../store/messages.ts';
import { createPause } from '../store/pause.ts';
import { readTalk } from '../store/talk.ts';
import { closeOpenRuns } from './close-open.ts';
import { memoryRowsAt } from './fork-memory.ts';
import { talkRowsAt } from './fork-talk.ts';
import { remapRows } from './remap.ts';

/** What to fork, and where. */
export type ForkInput = {
  readonly conversation_id: string;
  /** The last message the new agent has; left out: the newest, with memory as it is now. */
  readonly message_id?: string | undefined;
  readonly name?: string | undefined;
};

type ForkOptions = Pick<WindowHome, 'summaryText'> & { readonly clock: Clock };

const OPEN_IN_FORK = 'Outcome unknown: the talk was forked before this had its result.';
const SUFFIX = ' (fork)';

/**
 * Makes a new agent of a talk up to a message: its configuration, a copy of the history with what the window does not
 * show any more, blocks and archive as they were then, with their versions until then. All rows are new, linked to those
 * they came from; nothing is shared and nothing of the first agent changes. Throws `not_found`.
 */
export async function forkAgent(
  database: Database,
  input: ForkInput,
  options: ForkOptions,
): Promise<{ readonly agent_id: string; readonly conversation_id: string }> {
  const { clock } = options;
  const pause = createPause();
  const moment = await database.read.transaction().execute((tx) => readRows(tx, input, options));
  const rows = closeOpenRuns(moment.rows, clock, OPEN_IN_FORK);
  const name = input.name ?? `${clipText(moment.name, MAX_NAME_CHARS - SUFFIX.length)}${SUFFIX}`;
  const plan = await remapRows(rows, { name, strip_messages: false, clock, pause });
  const created_at = clock.now();
  const source = `fork:${moment.agent_id}`;
  const ids = [...plan.ids].map(([foreign_id, local_id]) => ({ source, foreign_id, local_id, created_at }));
  const prepared = await prepareBackup(plan.rows, ids, pause);
  await database.transaction((tx) => insertBackup(tx, prepared, pause));
  return {
    agent_id: plan.ids.get(moment.agent_id) ?? '',
    conversation_id: plan.ids.get(input.conversation_id) ?? '',
  };
}

type Found = { readonly agent_id: string; readonly name: string; readonly rows: BackupRows };

async function readRows(read: Read, input: ForkInput, { clock, summaryText }: ForkOptions): Promise<Found> {
  const { conversation_id } = input;
  const { agent_id, message_count } = await readConversation(read, conversation_id);
  const moment = await readMoment(read, input);
  const talk = await readTalk(read, conversation_id);
  const seq = moment?.seq ?? message_count;
  const window = await windowAt(read, talk, { conversation_id, seq, summaryText });
  const all = await readBackupRows(read, agent_id, { include_traces: false });
  const now = clock.now();
  const rows = {
    agent: all.agent.map((row) => ({ ...row, created_at: now, last_run_at: null })),
    agent_version: all.agent_version,
    ...talkRowsAt(all, { conversation_id, talk, seq, window, now }),
    ...(await memoryRowsAt(read, all, { agent_id, moment })),
  };
  return { agent_id, name: String(all.agent[0]?.['name']), rows };
}

/** The moment of the last message a fork takes along; `null` for now. Throws `not_found`. */
export async function readMoment(
  read: Read,
  { conversation_id, message_id }: ForkInput,
): Promise<Moment | null> {
  if (message_id === undefined) return null;
  const { seq, created_at } = await readMessageOfTalk(read, { conversation_id, message_id });
  const { ord } = await read
    .selectFrom('message')
    .select('ord')
    .where('id', '=', message_id)
    .executeTakeFirstOrThrow();
  return { talk: await readTalk(read, conversation_id), seq, ord, created_at };
}
