import { describe, expect, test } from 'vitest';
import { openAgent, openConversation, readContext } from '../../renderer/state/navigation.ts';
import { createStores, type Stores } from '../../renderer/state/stores.ts';
import { addressHref, parseAddress } from '../../renderer/views/frame/route.ts';
import type { Client } from '../../shared/client.ts';

/** Two agents with a conversation each; remembers which windows were asked for. */
function twoAgents(): { readonly stores: Stores; readonly asked: readonly unknown[] } {
  const asked: unknown[] = [];
  const answers: Record<string, (input: { agent_id: string }) => unknown> = {
    'agents.list': () => ({ agents: [{ id: 'a1' }, { id: 'a2' }] }),
    'conversations.list': ({ agent_id }) => ({
      conversations: [{ id: `of-${agent_id}`, agent_id, created_at: '', last_message_at: null }],
    }),
    'agents.context': (input) => {
      asked.push(input);
      return { window: 1, used: 0, parts: [] };
    },
    'messages.list': () => ({
      messages: [],
      tool_calls: [],
      changes: [],
      approvals: [],
      proposals: [],
      has_more: false,
    }),
    'runs.current': () => ({ run: null, draft: null, queue: [], approvals: [], compacting: null }),
    'runs.list': () => ({ runs: [] }),
    'summaries.list': () => ({ summaries: [] }),
    'blocks.list': () => ({ blocks: [] }),
    'changes.list': () => ({ changes: [] }),
    'archive.list': () => ({ passages: [], total: 0, next: null }),
  };
  const client: Client = {
    call: async (name, input) => (await answers[name]?.(input as never)) as never,
    subscribe: () => () => undefined,
  };
  const root = { dataset: {} } as HTMLElement;
  return {
    stores: createStores(client, {
      storage: null,
      session: null,
      root,
      systemLanguages: ['en'],
      askedLanguage: null,
    }),
    asked,
  };
}

describe('going from agent to agent', () => {
  test('never asks for the window of a conversation of another agent', async () => {
    const { stores, asked } = twoAgents();
    await stores.agents.getState().load();
    await openAgent(stores, 'a1');
    const opening = openAgent(stores, 'a2');
    // An event comes between the choice of the agent and the list of its conversations.
    await readContext(stores);
    stores.conversations.getState().select('of-a1');
    await readContext(stores);
    await opening;
    expect(asked).toEqual([
      { agent_id: 'a1', conversation_id: 'of-a1' },
      { agent_id: 'a2', conversation_id: 'of-a2' },
    ]);
  });

  test('a conversation of another agent opens together with that agent', async () => {
    const { stores, asked } = twoAgents();
    await stores.agents.getState().load();
    await openAgent(stores, 'a1');
    await openConversation(stores, 'of-a2');
    expect(stores.agents.getState().selected_id).toBe('a2');
    expect(stores.conversations.getState().selected_id).toBe('of-a2');
    expect(asked.at(-1)).toEqual({ agent_id: 'a2', conversation_id: 'of-a2' });
    expect(stores.preferences.getState().last_conversation_id).toBe('of-a2');
    await openConversation(stores, 'of-nobody');
    expect(stores.conversations.getState().selected_id).toBe('of-a2');
  });
});

describe('addresses', () => {
  test('are read as they are written; what names no page is none', () => {
    const address = { page: 'archive', agent_id: 'agent-1', item_id: 'passage-1' } as const;
    expect(addressHref(address)).toBe('#/archive/agent-1/passage-1');
    expect(parseAddress(addressHref(address))).toEqual(address);
    expect(parseAddress('')).toEqual({ page: 'chat', agent_id: null, item_id: null });
    expect(parseAddress('#/settings/')).toEqual({ page: 'settings', agent_id: null, item_id: null });
    expect(parseAddress('#/nonsense')).toBeNull();
  });
});
