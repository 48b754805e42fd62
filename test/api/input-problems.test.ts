import { expect, onTestFinished, test } from 'vitest';
import { type Backend, openBackend } from '../../electron/backend.ts';
import type { InputOf, MethodName } from '../../shared/contract/index.ts';
import { tempDir } from '../helpers/temp-dir.ts';

async function start(): Promise<{ backend: Backend; agent_id: string; block_id: string }> {
  const backend = await openBackend({ dataDir: tempDir(), env: {}, log: () => undefined });
  onTestFinished(() => backend.close());
  const { agents } = await backend.call('agents.list', {});
  const agent_id = agents[0]?.id ?? '';
  const { blocks } = await backend.call('blocks.list', { agent_id });
  return { backend, agent_id, block_id: blocks[0]?.id ?? '' };
}

async function refusal<Name extends MethodName>(
  backend: Backend,
  name: Name,
  input: InputOf<Name>,
): Promise<string> {
  const error = await backend.call(name, input).then(
    () => null,
    (thrown: unknown) => thrown as { code: string; message: string },
  );
  expect(error?.code).toBe('invalid_input');
  return error?.message ?? '';
}

test('input that breaks a rule is told in sentences that name the field and the bound', async () => {
  const { backend, agent_id, block_id } = await start();
  const wrong = { label: 5 } as unknown as InputOf<'blocks.create'>;
  expect(await refusal(backend, 'blocks.update', { block_id, limit: 0 })).toBe(
    'The limit must be at least 1. Nothing was changed.',
  );
  expect(await refusal(backend, 'blocks.create', wrong)).toBe(
    'The label must be a text. Nothing was changed.',
  );
  expect(await refusal(backend, 'agents.create', { name: '' })).toBe(
    'The name must not be empty. Nothing was changed.',
  );
  expect(await refusal(backend, 'agents.create', { name: 'n'.repeat(101), model: 'gpt' })).toBe(
    'The name must have at most 100 characters. The model must be a handle such as openai/gpt-4o-mini. Nothing was changed.',
  );
  expect(await refusal(backend, 'agents.create', { model_settings: { temperature: 9 } })).toBe(
    'The temperature in model settings must be at most 2. Nothing was changed.',
  );
  expect(await refusal(backend, 'archive.list', { agent_id, limit: 1000 })).toBe(
    'The limit must be at most 200. Nothing was changed.',
  );
  expect(await refusal(backend, 'archive.list', { agent_id: 'x' })).toBe(
    'The agent id must look like agent-123e4567-e89b-42d3-8456-426614174000. Nothing was changed.',
  );
});

test('no block may hold more than 1,000,000 characters', async () => {
  const { backend, block_id } = await start();
  const limit = 99_999_999_999;
  expect(await refusal(backend, 'blocks.create', { label: 'x', limit })).toBe(
    'The limit must be at most 1,000,000. Nothing was changed.',
  );
  expect(await refusal(backend, 'blocks.update', { block_id, limit })).toBe(
    'The limit of human must be a whole number from 1 to 1,000,000, not 99,999,999,999. Nothing was changed.',
  );
  expect((await backend.call('blocks.update', { block_id, limit: 1_000_000 })).limit).toBe(1_000_000);
});

test('a time zone that is not known is refused when an agent is made or changed', async () => {
  const { backend, agent_id } = await start();
  const told = 'The time zone must be one that is known, such as Europe/Lisbon or UTC. Nothing was changed.';
  expect(await refusal(backend, 'agents.create', { timezone: 'Mars/Phobos' })).toBe(told);
  expect(await refusal(backend, 'agents.update', { agent_id, timezone: 'Mars/Phobos' })).toBe(told);
  expect((await backend.call('agents.update', { agent_id, timezone: 'Asia/Tokyo' })).timezone).toBe(
    'Asia/Tokyo',
  );
});

test('an archive entry of no date is refused, and any date is kept in one form', async () => {
  const { backend, agent_id } = await start();
  for (const created_at of ['garbage', '2024-02-30']) {
    expect(await refusal(backend, 'archive.add', { agent_id, text: 'x', created_at })).toContain(
      `"${created_at}" is not a date`,
    );
  }
  await backend.call('agents.update', { agent_id, timezone: 'UTC' });
  const made = await backend.call('archive.add', { agent_id, text: 'x', created_at: '2024-02-29' });
  expect(made.created_at).toBe('2024-02-29T00:00:00.000000Z');
});
