import type { Message } from '../../shared/contract/conversations.ts';
import { expect, onTestFinished, test } from 'vitest';
import { tempDir } from '../helpers/temp-dir.ts';
import { ANTHROPIC_FAULTS } from './model-anthropic-faults.ts';
import { CHAT_FAULTS } from './model-faults.ts';
import { type AnyFault, type HostileHome, MODELS, openHostileHome, type WellBehaved } from './model-home.ts';
import { historyOf, watchTalk } from './model-talk.ts';

const HASTE = 400;
const STUCK_AFTER_LOOKS = 20;

const well: WellBehaved = {
  chat: () => ({ kind: 'text', text: 'All is well.' }),
  anthropic: () => ({ kind: 'blocks', blocks: [{ type: 'text', text: 'All is well.' }] }),
  summary: () => ({ kind: 'text', text: 'They talked about tea.' }),
};

async function openHome(): Promise<HostileHome> {
  const home = await openHostileHome(tempDir(), well, HASTE);
  onTestFinished(() => home.close());
  return home;
}

/** Meets each fault once, one after the other, each followed by a message that is answered well. Says what went wrong. */
async function meetFaults(home: HostileHome, model: string, faults: readonly AnyFault[]): Promise<string[]> {
  const blocks = [{ label: 'human', value: '' }];
  const agent = await home.call('agents.create', { name: 'Ada', model, context_window_limit: 8192, blocks });
  const findings: string[] = [];
  const { conversations } = await home.call('conversations.list', { agent_id: agent.id });
  const conversation_id = conversations[0]?.id ?? '';
  const talk = watchTalk(home, agent.id, conversation_id);
  const say = async (text: string): Promise<string> => {
    await home.call('messages.send', { conversation_id, text, otid: crypto.randomUUID(), max_steps: 12 });
    const run = await talk.rest(() => Promise.resolve(), STUCK_AFTER_LOOKS);
    return run === null
      ? 'stuck'
      : run.state === 'failed'
        ? `failed: ${run.error?.message ?? ''}`
        : run.state;
  };
  for (const planned of faults) {
    const { name, ends } = planned.fault;
    home.plan(conversation_id, { fault: planned, at: 0 });
    const ended = await say(`It ${name}.`);
    const found = [
      ...(home.met(conversation_id) ? [] : ['was not met']),
      ...(ends.some((end) => ended.startsWith(end)) ? [] : [`the run ended ${ended}`]),
      ...missingIn(await historyOf(home, conversation_id, name.includes('hundred') ? 200 : 40), planned),
      ...(await talk.lostPieces()),
    ];
    home.plan(conversation_id, null);
    await home.checkNext(agent.id, conversation_id);
    // After an answer the next fault shows whether the talk goes on.
    const next = ended === 'completed' ? ended : await say('Are you there?');
    if (next !== 'completed') found.push(`the next message: ${next}`);
    findings.push(...found.map((finding) => `${name} (${model}): ${finding}`));
  }
  return [...findings, ...home.refusals];
}

function missingIn(history: readonly Message[], { fault: { name, keeps = '' } }: AnyFault): string[] {
  return [
    ...(history.some(({ text }) => text === `It ${name}.`) ? [] : ['the message is not in the history']),
    ...(history.some(({ text }) => text.includes(keeps)) ? [] : [`"${keeps}" was not kept`]),
  ];
}

test('after each fault of a server of chat completions the talk is sound and the next message is answered', async () => {
  const home = await openHome();
  const faults = CHAT_FAULTS.map((fault): AnyFault => ({ dialect: 'chat', fault }));
  const parts = [0, 1, 2].map((part) => faults.filter((_one, index) => index % 3 === part));
  const models = [MODELS.template, MODELS.plain, MODELS.template];
  const found = await Promise.all(parts.map((part, at) => meetFaults(home, models[at] ?? '', part)));
  expect([...new Set(found.flat())].map((line) => line.slice(0, 300))).toEqual([]);
}, 60_000);

test('after each fault of a server of the Messages API the talk is sound and the next message is answered', async () => {
  const home = await openHome();
  const faults = ANTHROPIC_FAULTS.map((fault): AnyFault => ({ dialect: 'anthropic', fault }));
  const parts = [0, 1, 2].map((part) => faults.filter((_one, index) => index % 3 === part));
  const found = await Promise.all(parts.map((part) => meetFaults(home, MODELS.anthropic, part)));
  expect([...new Set(found.flat())].map((line) => line.slice(0, 300))).toEqual([]);
}, 60_000);
