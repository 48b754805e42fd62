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
