import { describe, expect, test } from 'vitest';
import { createAgentsStore } from '../../renderer/state/agents.ts';
import { createConversationsStore } from '../../renderer/state/conversations.ts';
import { createMemoryStore } from '../../renderer/state/memory.ts';
import { createTalkStore } from '../../renderer/state/talk.ts';
import type { Client } from '../../shared/client.ts';
import type { Agent } from '../../shared/contract/agents.ts';
import type { Block } from '../../shared/contract/blocks.ts';
import type { Conversation, Run } from '../../shared/contract/conversations.ts';

/** A backend that has read its answers, which reach the window when `arrive` is called. */
function slowBackend(answers: Record<string, unknown>): { client: Client; arrive: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const call = async (name: string): Promise<unknown> => {
    await promise;
    return answers[name];
  };
  return { client: { call, subscribe: () => () => undefined } as unknown as Client, arrive: resolve };
}

const agentOf = (id: string, version = 1): Agent => ({ id, version, name: id }) as Agent;
const talkOf = (id: string): Conversation =>
  ({ id, version: 1, agent_id: 'a', created_at: id, last_message_at: null }) as Conversation;
const blockOf = (id: string, version: number, agent_ids = ['a']): Block =>
  ({ id, version, value: `${version}`, agent_ids }) as Block;
const runOf = (state: Run['state']): Run => ({ id: 'run-1', conversation_id: 'c', state }) as Run;

describe('what is told while a list is read outlives the list, which may be older', () => {
  test('an agent that was made, changed or deleted', async () => {
    const { client, arrive } = slowBackend({
      'agents.list': { agents: [agentOf('changed'), agentOf('gone')] },
    });
    const store = createAgentsStore(client);
    const reading = store.getState().load();
    store.getState().put(agentOf('made'));
    store.getState().put(agentOf('changed', 2));
    store.getState().drop('gone');
    arrive();
    await reading;
    expect(store.getState().agents).toEqual([agentOf('made'), agentOf('changed', 2)]);
  });

  test('a conversation that was made or deleted', async () => {
    const { client, arrive } = slowBackend({
      'conversations.list': { conversations: [talkOf('old'), talkOf('gone')] },
    });
    const store = createConversationsStore(client);
    const reading = store.getState().load('a');
    store.getState().put(talkOf('young'));
    store.getState().drop('gone');
    arrive();
    await reading;
    expect(store.getState().conversations).toEqual([talkOf('young'), talkOf('old')]);
  });

  test('a block that was written, attached or detached', async () => {
    const { client, arrive } = slowBackend({
      'blocks.list': { blocks: [blockOf('written', 1), blockOf('detached', 1)] },
      'changes.list': { changes: [] },
      'archive.list': { passages: [], total: 0, next: null },
    });
    const store = createMemoryStore(client);
    const reading = store.getState().load('a');
    store.getState().putBlock(blockOf('written', 2));
    store.getState().putBlock(blockOf('attached', 1));
    store.getState().putBlock(blockOf('detached', 2, []));
    arrive();
    await reading;
    expect(store.getState().blocks).toEqual([blockOf('written', 2), blockOf('attached', 1)]);
  });

  test('a run that ended, and words of an answer, each of them once', async () => {
    const draft = { run_id: 'run-1', message_id: 'message-1', text: 'Hel', reasoning: '' };
    const { client, arrive } = slowBackend({
      'messages.list': { messages: [], tool_calls: [], approvals: [], has_more: false },
      'runs.current': { run: runOf('running'), draft, queue: [], approvals: [] },
      'runs.list': { runs: [] },
      'summaries.list': { summaries: [] },
    });
    const open = () => {
      const store = createTalkStore({
        client,
        putRead: () => undefined,
        newOtid: () => 'otid',
      });
      return { store, reading: store.getState().open('c') };
    };
    const under_way = open();
    const ended = open();
    const said = {
      type: 'message.delta',
      conversation_id: 'c',
      step_id: 's',
      part: 'text',
      ...draft,
    } as const;
    for (const delta of ['Hel', 'lo']) under_way.store.getState().apply({ ...said, delta }, 1);
    ended.store.getState().apply({ type: 'run.finished', run: runOf('completed') }, 1);
    arrive();
    await Promise.all([under_way.reading, ended.reading]);
    expect(under_way.store.getState()).toMatchObject({ run: runOf('running'), draft: { text: 'Hello' } });
    expect(ended.store.getState()).toMatchObject({ run: runOf('completed'), draft: null });
  });
});
