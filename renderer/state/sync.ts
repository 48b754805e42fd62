import type { EventEnvelope, MemoirEvent } from '../../shared/events.ts';
import { attempt } from './attempt.ts';
import { openAgent, reload } from './navigation.ts';
import type { Stores } from './stores.ts';

/**
 * Keeps the stores true to the backend: applies each event, and reads everything again after a gap in `seq`, a new
 * `boot_id` or a lost connection. Returns the function that ends it.
 */
export function followEvents(stores: Stores): () => void {
  let last: { readonly boot_id: string; readonly seq: number } | null = null;
  const readAgain = (): void => attempt(stores, () => reload(stores));
  return stores.client.subscribe(
    (envelope: EventEnvelope) => {
      const follows = last === null || (last.boot_id === envelope.boot_id && envelope.seq === last.seq + 1);
      const repeated = last !== null && last.boot_id === envelope.boot_id && envelope.seq <= last.seq;
      if (repeated) return;
      last = { boot_id: envelope.boot_id, seq: envelope.seq };
      applyEvent(stores, envelope.event);
      if (!follows) readAgain();
    },
    () => {
      last = null;
      readAgain();
    },
  );
}

/** Applies one event to every store it concerns, then tells the other listeners. */
export function applyEvent(stores: Stores, event: MemoirEvent): void {
  stores.talk.getState().apply(event, Date.now());
  applyToMemory(stores, event);
  applyToLists(stores, event);
  if (changesContext(event)) refreshContext(stores);
  for (const listener of stores.listeners) listener(event);
}

function applyToMemory(stores: Stores, event: MemoirEvent): void {
  const memory = stores.memory.getState();
  if (event.type === 'block.changed') memory.putBlock(event.block);
  else if (event.type === 'block.deleted') memory.dropBlock(event.block_id);
  else if (event.type === 'memory.changed') memory.putChange(event.change);
  else if (event.type === 'passage.changed' || event.type === 'passage.deleted') {
    memory.touchArchive();
    if (memory.agent_id !== null && event.agent_ids.includes(memory.agent_id)) {
      attempt(stores, memory.loadArchiveTotal);
    }
  }
}

function applyToLists(stores: Stores, event: MemoirEvent): void {
  const agents = stores.agents.getState();
  const conversations = stores.conversations.getState();
  if (event.type === 'agent.changed') {
    agents.put(event.agent);
    if (agents.selected_id === null) attempt(stores, () => openAgent(stores, event.agent.id));
  } else if (event.type === 'agent.deleted') {
    agents.drop(event.agent_id);
    if (agents.selected_id === event.agent_id) attempt(stores, () => reload(stores));
  } else if (event.type === 'conversation.changed') conversations.put(event.conversation);
  else if (event.type === 'conversation.deleted') {
    conversations.drop(event.conversation_id);
    if (conversations.selected_id === event.conversation_id) attempt(stores, () => reload(stores));
  }
}

function changesContext(event: MemoirEvent): boolean {
  return ['run.finished', 'block.changed', 'block.deleted', 'memory.changed', 'agent.changed'].includes(
    event.type,
  );
}

function refreshContext(stores: Stores): void {
  const conversationId = stores.talk.getState().conversation_id;
  attempt(stores, () => stores.agents.getState().loadContext(conversationId));
}
