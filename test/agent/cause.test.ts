import { describe, expect, test } from 'vitest';
import type { ScriptedAnswer } from '../helpers/scripted-openai.ts';
import { setStage, type Stage } from './stage.ts';

const search: ScriptedAnswer = {
  kind: 'calls',
  calls: [{ name: 'conversation_search', arguments: { query: 'tea' } }],
};

function note(text?: string): ScriptedAnswer {
  const calls = [{ name: 'memory_insert', arguments: { label: 'human', new_string: 'Name: Kit' } }];
  return text === undefined ? { kind: 'calls', calls } : { kind: 'calls', calls, text };
}

async function causeOf(stage: Stage) {
  const sent = { text: 'I am Kit', otid: 'one' };
  const run = await stage.runtime.waitFor((await stage.runtime.send(stage.conversation_id, sent)).inbox_id);
  const row = await stage.database.read
    .selectFrom('block_version')
    .select(['actor', 'run_id', 'message_id', 'reason', 'trust'])
    .where('actor', '=', 'agent')
    .executeTakeFirstOrThrow();
  expect(row).toMatchObject({ actor: 'agent', run_id: run.id, message_id: run.message_id });
  return row;
}

describe('a memory edit of an agent', () => {
  test('keeps what the model said while it made it, shortened between characters', async () => {
    const stage = await setStage([note(`${'x'.repeat(199)}😀 and more`), { kind: 'text', text: 'Noted.' }]);
    expect((await causeOf(stage)).reason).toBe(`${'x'.repeat(199)}…`);
  });

  test('has no reason when the model gave none', async () => {
    const stage = await setStage([note(), { kind: 'text', text: 'Noted.' }]);
    expect(await causeOf(stage)).toMatchObject({ reason: null, trust: 'model_inference' });
  });

  test('is marked as resting on a tool once the run has read from one', async () => {
    const stage = await setStage([search, note(), { kind: 'text', text: 'Noted.' }]);
    expect((await causeOf(stage)).trust).toBe('tool_output_internal');
  });
});
