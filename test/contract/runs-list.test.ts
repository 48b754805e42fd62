import { expect, onTestFinished, test } from 'vitest';
import { insertConversation } from '../../electron/store/conversations.ts';
import { finishRun, insertRun, listRuns, type RunEnd } from '../../electron/store/runs.ts';
import { openBackend } from '../../electron/backend.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { insertTestAgent, steppingClock, tempStore } from '../helpers/temp-store.ts';

const ENDS: readonly RunEnd[] = [
  { state: 'failed', stop_reason: 'llm_api_error', error: { code: 'model_auth', message: 'No entry.' } },
  { state: 'completed', stop_reason: 'end_turn', error: null },
  { state: 'cancelled', stop_reason: 'cancelled', error: null },
  { state: 'failed', stop_reason: 'error', error: { code: 'internal', message: 'Broke.' } },
];

test('runs of a conversation are listed newest first, only in the states that were asked for', async () => {
  const database = await tempStore();
  const clock = steppingClock();
  const agent_id = await insertTestAgent(database);
  const [here, elsewhere] = await database.transaction(async (tx) => {
    const open = (title: string) =>
      insertConversation(tx, {
        id: clock.newId('conv'),
        agent_id,
        title,
        is_default: false,
        now: clock.now(),
      });
    return [await open('Here'), await open('Elsewhere')];
  });
  const common = { agent_id, message_id: null, max_steps: 5, instance_id: 'one' };
  for (const [conversation_id, end] of [
    ...ENDS.map((each) => [here.id, each] as const),
    [elsewhere.id, ENDS[0]] as const,
  ]) {
    await database.transaction(async (tx) => {
      const { id } = await insertRun(tx, {
        ...common,
        id: clock.newId('run'),
        conversation_id,
        now: clock.now(),
      });
      if (end !== undefined) await finishRun(tx, id, end, clock.now());
    });
  }
  const list = async (query: { states?: readonly RunEnd['state'][]; limit?: number }) =>
    (await listRuns(database.read, { conversation_id: here.id, limit: 200, ...query })).map(
      ({ state, error }) => error?.message ?? state,
    );
  expect(await list({})).toEqual(['Broke.', 'cancelled', 'completed', 'No entry.']);
  expect(await list({ states: ['failed', 'cancelled'] })).toEqual(['Broke.', 'cancelled', 'No entry.']);
  expect(await list({ states: ['failed'], limit: 1 })).toEqual(['Broke.']);
  expect(await list({ states: [] })).toEqual([]);
});

test('a conversation without a run has an empty list', async () => {
  const backend = await openBackend({ dataDir: tempDir(), env: {}, log: () => undefined });
  onTestFinished(() => backend.close());
  const { id } = await backend.call('agents.create', { name: 'Kit' });
  const { conversations } = await backend.call('conversations.list', { agent_id: id });
  const conversation_id = conversations[0]?.id ?? '';
  expect(await backend.call('runs.list', { conversation_id })).toEqual({ runs: [] });
});
