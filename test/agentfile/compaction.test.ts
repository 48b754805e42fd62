import { expect, test } from 'vitest';
import { default_compaction } from '../../shared/contract/agents.ts';
import { lettaAgent, lettaFile } from './letta-file.ts';
import { openStage, type Stage } from './stage.ts';

const SETTINGS = { mode: 'all', prompt: 'Be short.', clip_chars: null, prompt_acknowledgement: true };

async function bringIn({ call }: Stage, agent: object): Promise<string> {
  const file = { ...lettaFile, agents: [{ ...lettaAgent, ...agent }] };
  const { agent_ids } = await call('agents.import', { text: JSON.stringify(file) });
  return agent_ids[0] ?? '';
}

async function settingsIn({ call }: Stage, agent_id: string): Promise<unknown> {
  const { text } = await call('agents.export', { agent_id });
  const { agents } = JSON.parse(text) as { agents: { compaction_settings?: unknown }[] };
  return agents[0]?.compaction_settings;
}

test('how an agent of a file is compacted is acted on, and goes out as it came', async () => {
  const stage = await openStage();
  const agent_id = await bringIn(stage, { compaction_settings: SETTINGS });
  const { compaction } = await stage.call('agents.get', { agent_id });
  expect(compaction).toEqual({
    ...default_compaction,
    mode: 'all',
    prompt: 'Be short.',
    clip_chars: 200_000,
  });
  expect(await settingsIn(stage, agent_id)).toEqual(SETTINGS);
});

test('what was changed since goes out as it is now, with what Memoir does not act on', async () => {
  const stage = await openStage();
  const agent_id = await bringIn(stage, { compaction_settings: SETTINGS });
  await stage.call('agents.update', { agent_id, compaction: { mode: 'self_compact_all' } });
  expect(await settingsIn(stage, agent_id)).toMatchObject({
    mode: 'self_compact_all',
    prompt: 'Be short.',
    prompt_acknowledgement: true,
  });
});

test('a file that says nothing of it gets the defaults, and still says nothing', async () => {
  const stage = await openStage();
  const agent_id = await bringIn(stage, {});
  expect((await stage.call('agents.get', { agent_id })).compaction).toEqual(default_compaction);
  expect(await settingsIn(stage, agent_id)).toBeUndefined();
});
