import { systemClock } from '../../electron/store/clock.ts';
import { insertConversation } from '../../electron/store/conversations.ts';
import type { Database } from '../../electron/store/database.ts';
import { appendMessage, type NewMessage } from '../../electron/store/messages.ts';
import { insertTestAgent, steppingClock, tempStore } from '../helpers/temp-store.ts';

/** A conversation of a store, and a way to say something in it. */
export type Talk = {
  readonly database: Database;
  readonly conversation_id: string;
  readonly say: (text: string, options?: Partial<NewMessage>) => ReturnType<typeof appendMessage>;
};

/** Opens a conversation of an agent. */
export async function openTalk(database: Database, agent_id: string, is_default = true): Promise<Talk> {
  const clock = steppingClock();
  const conversation_id = systemClock.newId('conv');
  await database.transaction((tx) =>
    insertConversation(tx, { id: conversation_id, agent_id, title: '', is_default, now: clock.now() }),
  );
  const say: Talk['say'] = (text, options = {}) =>
    database.transaction((tx) =>
      appendMessage(tx, {
        id: systemClock.newId('message'),
        conversation_id,
        agent_id,
        role: 'user',
        name: null,
        content: [{ type: 'text', text }],
        text,
        tool_calls: [],
        tool_call_id: null,
        tool_status: null,
        otid: null,
        run_id: null,
        step_id: null,
        status: 'complete',
        token_count: 1,
        created_at: clock.now(),
        model: null,
        timezone: 'UTC',
        ...options,
      }),
    );
  return { database, conversation_id, say };
}

/** A conversation of an agent in a store of its own. */
export async function newTalk(): Promise<Talk> {
  const database = await tempStore();
  return openTalk(database, await insertTestAgent(database));
}
