import type { Look } from '../store/checkup/look.ts';
import { readMended } from '../store/checkup/mended.ts';
import { setTalkEnd } from '../store/checkup/talk-end.ts';
import { listTalkHomes, type TalkHome, type WalkedMessage, walkTalk } from '../store/checkup/talk-rows.ts';
import { listOpenRuns } from '../store/checkup/open-work.ts';
import { readDigestAt, readTalk } from '../store/talk.ts';
import { answerCall } from './answer-call.ts';
import { type Damage, damage } from './damage.ts';

/** How far a walk through talks has come, in messages. */
export type OnWalked = (messages: number) => void;

/**
 * Walks through every message: numbers without a hole, rows as they were written (by their digests), a result for every
 * call, and the place where the talk goes on.
 */
export async function checkTalks(
  look: Look,
  homes: readonly TalkHome[],
  onWalked: OnWalked,
): Promise<Damage[]> {
  const known = await readMended(look.read);
  const open_runs = new Set(listOpenRuns(look).map(({ id }) => id));
  const found: Damage[] = [];
  for (const home of homes) {
    const walk = startWalk(home);
    await walkTalk(look, home, (message) => {
      onWalked(1);
      found.push(...visit(walk, message, known[message.id] !== undefined));
    });
    found.push(...endOf(walk), ...openCalls(walk, open_runs));
  }
  return found;
}

type Walk = {
  readonly home: TalkHome;
  /** Calls without a result so far, in order. */
  readonly calls: Map<string, { readonly message: WalkedMessage; readonly name: string }>;
  last: { readonly seq: number; readonly digest: string } | null;
};

function startWalk(home: TalkHome): Walk {
  return { home, calls: new Map(), last: null };
}

function visit(walk: Walk, message: WalkedMessage, is_mended: boolean): Damage[] {
  const { home, calls } = walk;
  walk.last = message;
  for (const call of message.tool_calls ?? []) calls.set(call.tool_call_id, { message, name: call.name });
  if (message.role === 'tool') calls.delete(message.tool_call_id ?? '');
  if (message.seq !== message.before + 1) return [missing(home, message.before + 1, message.seq - 1)];
  if (message.is_unchanged || is_mended) return [];
  return [changed(home, message)];
}

function named({ title, id }: TalkHome): string {
  return title === '' ? `the conversation ${id}` : `the conversation "${title}"`;
}

function missing(home: TalkHome, from: number, to: number): Damage {
  const which = from === to ? `Message ${from} is` : `Messages ${from} to ${to} are`;
  return damage({
    kind: 'missing_messages',
    severity: 'error',
    ref: `${home.id} ${from}`,
    agent_id: home.agent_id,
    conversation_id: home.id,
    what: `${which} missing from ${named(home)}.`,
    where: `message ${from} to ${to} of ${home.id}`,
    advice: 'What was lost can not be made up, and nothing is renumbered. A backup of before may hold it.',
  });
}

function changed(home: TalkHome, message: WalkedMessage): Damage {
  return damage({
    kind: 'changed_row',
    severity: 'warning',
    ref: message.id,
    agent_id: home.agent_id,
    conversation_id: home.id,
    what: `Message ${message.seq} of ${named(home)} is not as it was written, or what stood before it is not.`,
    where: `message ${message.id}`,
    advice:
      'Something outside of Memoir changed it. The digest is left as evidence; a backup of before may hold its words.',
  });
}

function endOf({ home, last }: Walk): Damage[] {
  const last_seq = last?.seq ?? home.fork_seq ?? 0;
  if (home.next_seq > last_seq + 1) return [missing(home, last_seq + 1, home.next_seq - 1)];
  const is_right = home.next_seq === last_seq + 1 && (last === null || last.digest === home.digest);
  if (is_right) return [];
  return [
    damage({
      kind: 'wrong_end_of_talk',
      severity: 'error',
      ref: home.id,
      agent_id: home.agent_id,
      conversation_id: home.id,
      what: `The next message of ${named(home)} would be number ${home.next_seq}, but the last one there is ${last_seq}.`,
      where: `conversation ${home.id}`,
      repair: `It goes on with number ${last_seq + 1}, behind its last message.`,
      mend: ({ look, tx }) => mendEnd(look, tx, home),
    }),
  ];
}

async function mendEnd(
  look: Look,
  tx: Parameters<typeof setTalkEnd>[0],
  home: TalkHome,
): Promise<string | null> {
  const now = listTalkHomes(look, null).find(({ id }) => id === home.id);
  if (now === undefined) return null;
  const walk = startWalk(now);
  await walkTalk(look, now, (message) => void (walk.last = message));
  if (endOf(walk).every(({ kind }) => kind !== 'wrong_end_of_talk')) return null;
  const { seq, digest } = walk.last ?? (await startOf(look, now));
  await setTalkEnd(tx, home.id, { next_seq: seq + 1, digest });
  return `${named(home)} goes on with message ${seq + 1} again.`.replace(/^t/u, 'T');
}

// A conversation that holds nothing of its own goes on from where it left its parent.
async function startOf({ read }: Look, { id, fork_seq }: TalkHome): Promise<{ seq: number; digest: string }> {
  const seq = fork_seq ?? 0;
  return { seq, digest: await readDigestAt(read, await readTalk(read, id), seq) };
}

// One finding a call: each has a result of its own.
function openCalls({ home, calls }: Walk, open_runs: ReadonlySet<string>): Damage[] {
  return [...calls].flatMap(([tool_call_id, { message, name }]) => {
    if (open_runs.has(message.run_id ?? '')) return [];
    return damage({
      kind: 'open_call',
      severity: 'error',
      ref: `${message.id} ${tool_call_id}`,
      agent_id: home.agent_id,
      conversation_id: home.id,
      what: `The call of ${name} in message ${message.seq} of ${named(home)} has no result; strict providers refuse that.`,
      where: `call ${tool_call_id} of message ${message.id}`,
      repair: 'It gets a result that says that its outcome is unknown. Nothing runs again.',
      mend: (theatre) => answerCall(theatre, home, { message, tool_call_id, name }),
    });
  });
}
