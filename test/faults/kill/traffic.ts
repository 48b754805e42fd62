import { words } from '../../agent/compaction/window-items.ts';
import type { Chance } from '../../helpers/chance.ts';
import { between } from '../chance.ts';
import { endOf } from '../stage/player.ts';
import { CUES } from '../stage/cues.ts';
import type { Cast, Role } from '../stage/template.ts';
import { type Client, Gone } from './client.ts';

/** Uses a server in every way at once until it dies. */
export async function makeTraffic(client: Client, cast: Cast, chance: Chance): Promise<void> {
  const users = [talk, talkAsLetta, editByHand, decide, rearrange];
  await Promise.all(users.map((user) => until(client, () => user(client, cast, chance))));
}

async function until(client: Client, act: () => Promise<void>): Promise<void> {
  let is_gone = false;
  void client.gone.then(() => (is_gone = true));
  const isGone = (): boolean => is_gone;
  while (!isGone()) {
    try {
      await act();
    } catch (error) {
      if (error instanceof Gone) return;
      throw error;
    }
  }
}

async function talk(client: Client, { ada }: Cast, chance: Chance): Promise<void> {
  const { conversation_id } = ada;
  const ended = client.next((event) => endOf(event)?.conversation_id === conversation_id);
  ended.catch(() => undefined);
  const said = chance.pick(['Hello', `I like tea ${CUES.edit}`, `All ${CUES.long}`, words(1500, 1)]);
  const sent = await client.call('messages.send', { conversation_id, text: said, otid: crypto.randomUUID() });
  if (sent !== null) await ended;
}

async function talkAsLetta(client: Client, { dan }: Cast, chance: Chance): Promise<void> {
  await client.stream(dan.agent_id, chance.pick(['Hello', `I like rain ${CUES.edit}`]));
}

async function editByHand(client: Client, { dan, ada }: Cast, chance: Chance): Promise<void> {
  const { block_id, agent_id } = chance.pick([dan, ada]);
  const block = await client.call('blocks.get', { block_id });
  if (block !== null) {
    const value = `${block.value.slice(-2000)}\nBy hand ${between(chance, 0, 1e6)}`;
    await client.call('blocks.update', { block_id, base_version: block.version, value });
  }
  const entry = await client.call('archive.add', { agent_id, text: 'The gate sticks.', tags: ['home'] });
  if (entry === null) return;
  const text = 'The gate sticks in winter.';
  await client.call('archive.update', { passage_id: entry.id, base_version: entry.version, text });
  if (chance.next() < 0.5) await client.call('archive.delete', { passage_id: entry.id });
}

async function decide(client: Client, { bea, cy }: Cast, chance: Chance): Promise<void> {
  const { approvals = [] } = (await client.call('approvals.list', { agent_id: bea.agent_id })) ?? {};
  for (const { id: approval_id } of approvals) {
    const decision = chance.pick(['approve', 'deny'] as const);
    await client.call('approvals.decide', { decisions: [{ approval_id, decision }] });
  }
  const { proposals = [] } = (await client.call('proposals.list', { agent_id: cy.agent_id })) ?? {};
  for (const { id: proposal_id } of proposals) {
    const decision = chance.pick(['accept', 'reject'] as const);
    await client.call('proposals.decide', { proposal_id, decision });
  }
  const { conversation_id } = chance.pick([bea, cy]);
  const text = `I like snow ${CUES.edit}`;
  await client.call('messages.send', { conversation_id, text, otid: crypto.randomUUID() });
}

async function rearrange(client: Client, { dan, ada }: Cast, chance: Chance): Promise<void> {
  const deeds = [branch, fork, comeBack, compact, undo, stop];
  await chance.pick(deeds)(client, chance.pick([dan, ada]));
}

async function branch(client: Client, { conversation_id }: Role): Promise<void> {
  const { messages = [] } = (await client.call('messages.list', { conversation_id })) ?? {};
  const said = messages.find(({ role }) => role === 'user');
  if (said === undefined) return;
  const place = { conversation_id, message_id: said.id, revert_memory: true };
  await client.call('conversations.branch', { ...place, text: 'I like sun', otid: crypto.randomUUID() });
}

async function fork(client: Client, { conversation_id }: Role): Promise<void> {
  await client.call('conversations.fork', { conversation_id, name: 'Forked' });
}

async function comeBack(client: Client, { agent_id }: Role): Promise<void> {
  const file = await client.call('agents.export', { agent_id, include_traces: false });
  if (file !== null) await client.call('agents.import', { text: file.text, name: 'Come back' });
}

async function compact(client: Client, { conversation_id }: Role): Promise<void> {
  await client.call('conversations.compact', { conversation_id });
}

async function undo(client: Client, { agent_id }: Role): Promise<void> {
  const { changes = [] } = (await client.call('changes.list', { agent_id, limit: 5 })) ?? {};
  for (const { id: change_id, operation } of changes.slice(0, 2)) {
    if (operation !== 'create') await client.call('changes.undo', { change_id });
  }
}

async function stop(client: Client, { conversation_id }: Role): Promise<void> {
  const { run = null } = (await client.call('runs.current', { conversation_id })) ?? {};
  if (run?.state === 'running') await client.call('runs.cancel', { run_id: run.id });
  else if (run?.state === 'cancelled') await client.call('runs.resume', { run_id: run.id });
}
