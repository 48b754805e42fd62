import { deflateSync } from 'node:zlib';
import type { Database } from '../../electron/store/database.ts';

/** Gives an agent with a step what a sent message and a model's answer leave: rows of the inbox, and a trace. */
export function addInboxAndTrace(
  { raw }: Pick<Database, 'raw'>,
  { conversation_id, text }: { readonly conversation_id: string; readonly text: string },
): void {
  const payload = JSON.stringify({ content: [{ type: 'text', text }], text, name: null, max_steps: 5 });
  const run_id = raw.prepare('select id from run').pluck().get() as string;
  const put = raw.prepare(
    "insert into inbox values (?, ?, ?, 'user', ?, ?, ?, null, null, null, '2026-02-01T00:00:00.000000Z')",
  );
  for (const state of ['done', 'withdrawn', 'queued']) {
    put.run(
      `inbox-${state}`,
      conversation_id,
      `otid-${state}`,
      payload,
      state,
      state === 'done' ? run_id : null,
    );
  }
  const step_id = raw.prepare('select id from step').pluck().get();
  raw
    .prepare("insert into step_trace values (?, ?, ?, '2026-02-01T00:00:00.000000Z')")
    .run(step_id, deflateSync('the request'), deflateSync('the answer'));
}

/** Gives an agent with a call what a person is asked for: a pending approval, and proposals of two kinds. */
export function addQuestions(
  { raw }: Pick<Database, 'raw'>,
  {
    conversation_id,
    agent_id,
    block_id,
  }: Readonly<Record<'conversation_id' | 'agent_id' | 'block_id', string>>,
): void {
  const now = '2026-02-01T00:00:00.000000Z';
  raw.exec(`update tool_call set state = 'waiting' where tool_call_id = 'open-two';
    update run set state = 'waiting';
    insert into approval (id, agent_id, conversation_id, run_id, step_id, call_id, tool_call_id, kind, name, arguments,
        state, created_at)
      select 'approval-1', '${agent_id}', conversation_id, run_id, step_id, id, tool_call_id, 'approval', name, arguments,
        'pending', '${now}'
      from tool_call where tool_call_id = 'open-two'`);
  const change_id = raw.prepare('select id from block_version where version = 2').pluck().get();
  const put = raw.prepare(
    `insert into proposal (id, agent_id, conversation_id, kind, target_id, label, operation, base_version, before, after,
     state, actor, trust, change_id, created_at) values (?, ?, ?, ?, ?, 'human', 'edit', ?, 'old', 'new', ?, 'agent',
     'direct_user', ?, '${now}')`,
  );
  put.run('proposal-1', agent_id, conversation_id, 'block', block_id, 2, 'pending', null);
  put.run('proposal-2', agent_id, conversation_id, 'block', block_id, 1, 'accepted', change_id);
  put.run('proposal-3', agent_id, conversation_id, 'block', 'block-detached', 1, 'pending', null);
  put.run('proposal-4', agent_id, conversation_id, 'passage', 'passage-to-be', 0, 'pending', null);
}
