import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { words } from '../../agent/compaction/window-items.ts';
import { CUES } from './cues.ts';
import type { Player } from './player.ts';
import type { Cast } from './template.ts';

/** Something people and agents do, from its first call to its last acknowledgement. */
export type Scene = (player: Player, cast: Cast) => Promise<void>;

/** The scenes, by the name that a point or a power cut refers to. */
export const scenes = {
  /** An answer with an edit of a block and a new entry. */
  talk: async ({ say }, { dan }) => void (await say(dan.conversation_id, `I like tea ${CUES.edit}`)),
  /** An answer long enough that drafts of it are saved. */
  long: async ({ say }, { dan }) => void (await say(dan.conversation_id, `Tell me all ${CUES.long}`)),
  /** Several turns of different kinds, side by side. */
  chat: async ({ say }, { dan, ada }) => {
    await Promise.all([
      say(dan.conversation_id, `I like figs ${CUES.edit}`),
      say(ada.conversation_id, 'What do I like?'),
    ]);
    await say(dan.conversation_id, 'And now?');
    await say(dan.conversation_id, `I like nuts ${CUES.edit}`);
  },
  /** A message that waits behind a run and is taken back; then the run is stopped. */
  queue: async ({ call, next }, { dan: { conversation_id } }) => {
    const begun = next((event) => event.type === 'message.delta');
    await call('messages.send', { conversation_id, text: `Speak ${CUES.hang}`, otid: crypto.randomUUID() });
    await begun;
    const waiting = await call('messages.send', { conversation_id, text: 'No', otid: crypto.randomUUID() });
    await call('messages.unsend', { inbox_id: waiting.inbox_id });
    const { run } = await call('runs.current', { conversation_id });
    if (run !== null) await call('runs.cancel', { run_id: run.id });
  },
  /** A run that is stopped and gone on with. */
  resume: async (player, cast) => {
    await scenes.queue(player, cast);
    const { conversation_id } = cast.dan;
    const { run } = await player.call('runs.current', { conversation_id });
    const ended = player.next((event) => event.type === 'message.delta');
    if (run !== null) await player.call('runs.resume', { run_id: run.id });
    await ended;
  },
  /** A run that lasts until its lease is renewed. */
  lease: async ({ call, next }, { dan: { conversation_id } }) => {
    await call('messages.send', { conversation_id, text: `Speak ${CUES.hang}`, otid: crypto.randomUUID() });
    await next((event) => event.type === 'run.paused');
  },
  /** A turn before which the window is compacted. */
  compaction: async ({ say }, { ada }) => {
    await say(ada.conversation_id, `${words(2400, 3)} ${CUES.edit}`);
    await say(ada.conversation_id, 'What was that?');
  },
  /** A compaction by hand, and its messages put back. */
  summary: async ({ call }, { ada: { conversation_id } }) => {
    const { summary } = await call('conversations.compact', { conversation_id });
    if (summary === null) throw new Error('There was nothing to compact.');
    await call('summaries.expand', { summary_id: summary.id });
  },
  /** What waited for a decision is allowed, and the run goes on. */
  approve: async ({ call, next }, { bea: { agent_id } }) => {
    const { approvals } = await call('approvals.list', { agent_id });
    const ended = next((event) => event.type === 'run.finished');
    await call('approvals.decide', {
      decisions: approvals.map(({ id }) => ({ approval_id: id, decision: 'approve' as const })),
    });
    await ended;
  },
  /** What waited is denied, and the next edit has to be asked for again. */
  deny: async ({ call, next, say }, { bea: { agent_id, conversation_id } }) => {
    const { approvals } = await call('approvals.list', { agent_id });
    const ended = next((event) => event.type === 'run.finished');
    await call('approvals.decide', {
      decisions: approvals.map(({ id }) => ({ approval_id: id, decision: 'deny' as const, reason: 'No.' })),
    });
    await ended;
    await say(conversation_id, `I like hail ${CUES.edit}`);
  },
  /** A proposal is taken; another is made and refused. */
  proposals: async ({ call, say }, { cy: { agent_id, conversation_id } }) => {
    const waiting = await call('proposals.list', { agent_id });
    for (const { id } of waiting.proposals) {
      await call('proposals.decide', { proposal_id: id, decision: 'accept' });
    }
    await say(conversation_id, `I like fog ${CUES.edit}`);
    const made = await call('proposals.list', { agent_id });
    for (const { id } of made.proposals) {
      await call('proposals.decide', { proposal_id: id, decision: 'reject', reason: 'No.' });
    }
  },
  /** A message is said anew in a branch, and what the old one did to memory is taken back. */
  branch: async ({ call, next }, { dan: { conversation_id } }) => {
    const { messages } = await call('messages.list', { conversation_id });
    const first = messages.find(({ role }) => role === 'user');
    if (first === undefined) throw new Error('Nobody said anything.');
    const ended = next((event) => event.type === 'run.finished');
    const place = { conversation_id, message_id: first.id, revert_memory: true };
    await call('conversations.branch', { ...place, text: 'I like sun', otid: crypto.randomUUID() });
    await ended;
  },
  /** A new agent with its memory as of a message. */
  fork: async ({ call }, { dan: { conversation_id } }) => {
    await call('conversations.fork', { conversation_id, name: 'Forked' });
  },
  /** Memory is edited by hand: block, entry, undo. */
  memory: async ({ call }, { dan: { block_id, agent_id } }) => {
    const { value, version } = await call('blocks.get', { block_id });
    await call('blocks.update', { block_id, base_version: version, value: `${value}\nBy hand.` });
    const entry = await call('archive.add', { agent_id, text: 'The gate sticks.', tags: ['home'] });
    const text = 'The gate sticks in winter.';
    await call('archive.update', { passage_id: entry.id, base_version: entry.version, text });
    await call('archive.delete', { passage_id: entry.id });
    await call('archive.restore', { passage_id: entry.id });
    const { changes } = await call('changes.list', { agent_id, limit: 50 });
    const edit = changes.find(({ operation }) => operation === 'edit');
    if (edit !== undefined) await call('changes.undo', { change_id: edit.id });
  },
  /** Agents and talks come and go. */
  house: async ({ call }, { dan: { agent_id } }) => {
    const agent = await call('agents.create', { name: 'Eve', blocks: [{ label: 'human', value: 'New.' }] });
    await call('agents.update', { agent_id: agent.id, name: 'Eva' });
    await call('agents.delete', { agent_id: agent.id });
    await call('agents.restore', { agent_id: agent.id });
    const talk = await call('conversations.create', { agent_id, title: 'Aside' });
    await call('conversations.update', { conversation_id: talk.id, archived: true });
    await call('conversations.delete', { conversation_id: talk.id });
    await call('conversations.restore', { conversation_id: talk.id });
  },
  /** An agent leaves as a file and comes in again, with a snapshot before. */
  import: async ({ call, data_dir }, { dan: { agent_id } }) => {
    const { text } = await call('agents.export', { agent_id });
    await call('agents.import', { text, name: 'Come back' });
    await copyIsDone(data_dir);
  },
  /** Nothing but the start: recovery, migration. */
  start: () => Promise.resolve(),
} satisfies Record<string, Scene>;

/** The copy of the store may go on for a while after the import has answered. */
async function copyIsDone(data_dir: string): Promise<void> {
  const is_done = (): boolean => readdirSync(join(data_dir, 'backups')).some((name) => name.endsWith('.db'));
  for (let waited_ms = 0; !is_done() && waited_ms < 5000; waited_ms += 10) await wait(10);
}

/** Name of a scene. */
export type SceneName = keyof typeof scenes;
