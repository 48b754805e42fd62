import type { EventEnvelope, MemoirEvent } from '../../shared/events.ts';
import { attemptQuietly } from './attempt.ts';
import { openAgent, readContext, reload } from './navigation.ts';
import type { Stores } from './stores.ts';

/** How often the backend is asked whether it is still there, in ms. */
const BEAT_MS = 1500;

/**
 * Keeps the stores true to the backend: reads everything once it listens, applies each event, and reads everything again
 * after a gap in `seq`, a new `boot_id` or a lost connection. Notices a backend that went silent, and its return. Returns the function that ends
 * it.
 */
export function followEvents(stores: Stores): () => void {
  const unwatch = watchBackend(stores);
  const unsubscribe = subscribe(stores);
  return () => {
    unwatch();
    unsubscribe();
  };
}

// A stream that ended tells nothing until it is back, so the window asks.
function watchBackend(stores: Stores): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const ask = async (): Promise<void> => {
    const { kind, probe } = stores.connection.getState();
    if (kind === 'starting' || !(await probe())) return;
    if (kind === 'silent') await reload(stores);
  };
  const later = (): void => {
    timer = setTimeout(() => attemptQuietly(stores, () => ask().finally(later)), BEAT_MS);
  };
  later();
  return () => clearTimeout(timer);
}

function subscribe(stores: Stores): () => void {
  let last: { readonly boot_id: string; readonly seq: number } | null = null;
  const readAgain = (): void => attemptQuietly(stores, () => reload(stores));
  return stores.client.subscribe(
    (envelope: EventEnvelope) => {
      const follows = last === null || (last.boot_id === envelope.boot_id && envelope.seq === last.seq + 1);
      const repeated = last !== null && last.boot_id === envelope.boot_id && envelope.seq <= last.seq;
      if (repeated) return;
      last = { boot_id: envelope.boot_id, seq: envelope.seq };
      applyEvent(stores, envelope.event);
      if (!follows || envelope.event.type === 'store.repaired') readAgain();
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
  applyToReview(stores, event);
  applyToLists(stores, event);
  if (event.type === 'models.changed') attemptQuietly(stores, () => readModels(stores));
  if (event.type === 'window.changed' && event.conversation_id === stores.talk.getState().conversation_id) {
    attemptQuietly(stores, stores.talk.getState().loadSummaries);
  }
  if (changesContext(event)) attemptQuietly(stores, () => readContext(stores));
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
      attemptQuietly(stores, memory.loadArchiveTotal);
    }
  }
}

function applyToReview({ review }: Stores, event: MemoirEvent): void {
  const { put, dropAgent } = review.getState();
  if (event.type === 'approval.changed') put({ approvals: [event.approval] });
  else if (event.type === 'proposal.changed') put({ proposals: [event.proposal] });
  else if (event.type === 'agent.deleted') dropAgent(event.agent_id);
}

function applyToLists(stores: Stores, event: MemoirEvent): void {
  const agents = stores.agents.getState();
  const conversations = stores.conversations.getState();
  if (event.type === 'agent.changed') {
    // What an agent proposed comes back with it.
    if (!agents.agents.some(({ id }) => id === event.agent.id)) {
      attemptQuietly(stores, stores.review.getState().load);
    }
    agents.put(event.agent);
    if (agents.selected_id === null) attemptQuietly(stores, () => openAgent(stores, event.agent.id));
  } else if (event.type === 'agent.deleted') {
    agents.drop(event.agent_id);
    if (agents.selected_id === event.agent_id) attemptQuietly(stores, () => reload(stores));
  } else if (event.type === 'conversation.changed') conversations.put(event.conversation);
  else if (event.type === 'conversation.deleted') {
    conversations.drop(event.conversation_id);
    if (conversations.selected_id === event.conversation_id) attemptQuietly(stores, () => reload(stores));
  }
}

async function readModels({ connection, providers }: Stores): Promise<void> {
  await Promise.all([connection.getState().loadModels(), providers.getState().load()]);
}

const CONTEXT_EVENTS: ReadonlySet<MemoirEvent['type']> = new Set<MemoirEvent['type']>([
  'run.finished',
  'block.changed',
  'block.deleted',
  'memory.changed',
  'agent.changed',
  'window.changed',
  'conversation.compacting',
]);

function changesContext(event: MemoirEvent): boolean {
  return CONTEXT_EVENTS.has(event.type);
}
