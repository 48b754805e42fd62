import { join } from 'node:path';
import SqliteHandle from 'better-sqlite3';
import { openBackend } from '../electron/backend.ts';
import { STORE_FILE } from '../electron/store/open.ts';

/** Makes a data folder whose starter agent has said and heard `count` messages, all in recall and in the index. */
export async function writeHistory(dataDir: string, count: number): Promise<void> {
  const backend = await openBackend({ dataDir, env: {}, log: () => undefined });
  const { agents } = await backend.call('agents.list', {});
  const agent_id = agents[0]?.id ?? '';
  const { conversations } = await backend.call('conversations.list', { agent_id });
  await backend.close();
  const handle = new SqliteHandle(join(dataDir, STORE_FILE));
  fill(handle, { agent_id, conversation_id: conversations[0]?.id ?? '', count });
  handle.close();
}

type Filling = { readonly agent_id: string; readonly conversation_id: string; readonly count: number };

function fill(handle: SqliteHandle.Database, { agent_id, conversation_id, count }: Filling): void {
  const run = handle.transaction(() => {
    handle
      .prepare(
        `with recursive n(i) as (select 1 union all select i + 1 from n where i < @count)
         insert into message (id, conversation_id, agent_id, seq, role, content, text, tool_calls, status, timezone,
           token_count, foreign_fields, digest, created_at)
         select printf('message-%08x-0000-4000-8000-000000000000', i), @conversation_id, @agent_id, i,
           iif(i % 2, 'user', 'assistant'), json_array(json_object('type', 'text', 'text', 'Talk number ' || i)),
           'Talk number ' || i || ' about the garden, the weather and the trip to Lisbon', '[]', 'complete', 'UTC',
           14, '{}', '', '2026-01-01T00:00:00.000000Z' from n`,
      )
      .run({ agent_id, conversation_id, count });
    handle.exec(
      `insert into window_entry (conversation_id, ord, kind, ref)
       select conversation_id, seq, 'message', id from message where seq > ${count - 40}`,
    );
    handle.prepare('update conversation set next_seq = ?').run(count + 1);
    const scope = agent_id.replaceAll(/[^a-z0-9]/gu, '');
    handle
      .prepare('insert into message_fts (rowid, scope, text) select ord, ?, text from message')
      .run(scope);
  });
  run();
}
