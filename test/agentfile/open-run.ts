import type { Clock } from '../../electron/store/clock.ts';
import type { Database } from '../../electron/store/database.ts';
import { insertRun } from '../../electron/store/runs.ts';
import { insertStep, moveStep } from '../../electron/store/steps.ts';
import { finishToolCall, insertToolCall } from '../../electron/store/tool-calls.ts';
import { say } from './rich-agent.ts';

/** Leaves a run open as it stands between two parallel calls: one has its result, the other still runs. */
export async function openRun(
  database: Database,
  clock: Clock,
  home: { readonly agent_id: string; readonly conversation_id: string },
): Promise<void> {
  const run_id = clock.newId('run');
  const step_id = clock.newId('step');
  const place = { ...home, run_id };
  await database.transaction(async (tx) => {
    const message_id = await say(tx, clock, home, { role: 'user', text: 'Do two things', run_id });
    await insertRun(tx, {
      ...home,
      id: run_id,
      message_id,
      max_steps: 5,
      instance_id: 'here',
      now: clock.now(),
    });
    const hashes = { request_hash: null, tool_schema_hash: null, prompt_parts: [], repairs: [] };
    await insertStep(tx, {
      id: step_id,
      run_id,
      agent_id: home.agent_id,
      ord: 1,
      model: 'openai/gpt-4o-mini',
      created_at: clock.now(),
      ...hashes,
    });
    const tool_calls = ['one', 'two'].map((id) => ({
      tool_call_id: `open-${id}`,
      name: 'memory_insert',
      arguments: '{}',
    }));
    const asked = await say(tx, clock, home, { role: 'assistant', text: '', tool_calls, run_id, step_id });
    const rows = [];
    for (const [ord, call] of tool_calls.entries()) {
      rows.push(
        await insertToolCall(tx, {
          ...call,
          id: clock.newId('call'),
          step_id,
          run_id,
          conversation_id: place.conversation_id,
          message_id: asked,
          ord,
          effect: 'local',
        }),
      );
    }
    await moveStep(tx, step_id, 'tools');
    const result = {
      role: 'tool',
      text: 'done',
      name: 'memory_insert',
      tool_call_id: 'open-one',
      tool_status: 'success',
      run_id,
      step_id,
    } as const;
    const result_message_id = await say(tx, clock, home, result);
    const now = clock.now();
    await finishToolCall(tx, {
      id: rows[0]?.id ?? '',
      state: 'done',
      parsed: {},
      result: 'done',
      result_message_id,
      started_at: now,
      finished_at: now,
    });
  });
}
