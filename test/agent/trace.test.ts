import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { readTrace } from '../../electron/store/steps.ts';
import { setStage } from './stage.ts';

test('a step keeps the exact request that was sent and the answer that came', async () => {
  const stage = await setStage([{ kind: 'text', text: 'Noted.' }]);
  const { inbox_id } = await stage.runtime.send(stage.conversation_id, { text: 'Hello', otid: 'one' });
  await stage.runtime.waitFor(inbox_id);
  const { id } = await stage.database.read.selectFrom('step').select('id').executeTakeFirstOrThrow();
  const trace = await readTrace(stage.database.read, id);
  expect(trace.request).toBe(stage.model.requests[0]?.body);
  expect(trace.response).toContain('Noted.');
});

test('a step that failed keeps the exact request and what the provider said', async () => {
  const stage = await setStage([{ kind: 'status', status: 401, message: 'Bad key.' }]);
  const { inbox_id } = await stage.runtime.send(stage.conversation_id, { text: 'Hello', otid: 'one' });
  expect(await stage.runtime.waitFor(inbox_id)).toMatchObject({ state: 'failed' });
  const step = await stage.database.read
    .selectFrom('step')
    .select(['id', 'request_hash'])
    .executeTakeFirstOrThrow();
  const trace = await readTrace(stage.database.read, step.id);
  expect(trace.request).toBe(stage.model.requests[0]?.body);
  expect(trace.response).toContain('Bad key.');
  expect(step.request_hash).toBe(createHash('sha256').update(trace.request).digest('hex'));
});

test('a step that never was has no trace', async () => {
  const stage = await setStage([]);
  await expect(readTrace(stage.database.read, 'step-none')).rejects.toMatchObject({ code: 'not_found' });
});
