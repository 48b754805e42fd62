import type { Model, ToolSchema } from '../models/model.ts';
import type { AgentRecord } from '../store/agents.ts';
import { readMemorySnapshot, writeMemorySnapshot } from '../store/conversations.ts';
import type { Read, Write } from '../store/database.ts';
import { fromJson, toJson } from '../store/encoding.ts';
import {
  appendWindowEntry,
  listEditsAfter,
  listWindow,
  listWindowBlocks,
  removeMemoryDeltas,
  removeWindowEntries,
  type WindowBlock,
  type WindowItem,
} from '../store/window.ts';
import { compileContext, type Context } from './context.ts';
import { decideMemory, type MemorySnapshot, type MemoryView, takeSnapshot } from './memory-view.ts';
import { keepNotes, newNotes } from './notes.ts';
import type { Wording } from './pairing.ts';

/** What a request is planned from. */
export type PlanInput = {
  readonly agent: AgentRecord;
  readonly conversation_id: string;
  readonly model: Model;
  readonly tools: readonly ToolSchema[];
  readonly wording: Wording;
  readonly now: string;
  /** Id for a memory note, should one be needed. */
  readonly note_id: string;
};

/** A compiled request and what its making changes in the window. */
export type Plan = {
  readonly context: Context;
  readonly view: MemoryView;
  /** News for the model that the window does not hold yet. */
  readonly notes: Awaited<ReturnType<typeof newNotes>>;
};

/** The smaller of the agent's own limit and the model's window, in tokens. */
export function windowOf(agent: AgentRecord, model: Model): number {
  return Math.min(agent.context_window_limit ?? model.context_window, model.context_window);
}

/** Plans the next request of a conversation without changing anything. */
export async function planRequest(db: Read, input: PlanInput): Promise<Plan> {
  const { agent, conversation_id } = input;
  const blocks = await listWindowBlocks(db, agent.id);
  const view = await viewMemory(db, input, blocks);
  const stored = await listWindow(db, conversation_id);
  const notes = await newNotes(db, { agent_id: agent.id, conversation_id }, stored.at(-1)?.ord ?? 0);
  const entries = entriesAfter([...stored, ...notes], view, input.note_id);
  const compile = (snapshot: MemorySnapshot, items: readonly WindowItem[]): Context =>
    compileContext({
      agent,
      conversation_id,
      model: input.model.handle.slice(input.model.handle.indexOf('/') + 1),
      snapshot,
      entries: items,
      tools: input.tools,
      wording: input.wording,
      window: windowOf(agent, input.model),
    });
  const context = compile(view.snapshot, entries);
  if (context.evicted.length === 0) return { context, view, notes };
  // What left the window may have told of the agent's own edits, so memory is shown as it is now.
  const fresh: MemoryView = { kind: 'fresh', snapshot: takeSnapshot(blocks, input.now), delta: null };
  const gone = new Set(context.evicted);
  const left = entriesAfter(
    entries.filter((item) => !gone.has(item.ord)),
    fresh,
    input.note_id,
  );
  return { context: { ...compile(fresh.snapshot, left), evicted: context.evicted }, view: fresh, notes };
}

/** Writes down what a plan changes: the memory the model now knows, notes to it, entries that left the window. */
export async function keepPlan(tx: Write, input: PlanInput, plan: Plan): Promise<void> {
  const { conversation_id } = input;
  const { view } = plan;
  await removeWindowEntries(tx, conversation_id, plan.context.evicted);
  await keepNotes(tx, conversation_id, { notes: plan.notes, now: input.now });
  if (view.kind === 'same') return;
  if (view.kind === 'fresh') await removeMemoryDeltas(tx, conversation_id);
  await writeMemorySnapshot(tx, conversation_id, toJson(view.snapshot));
  if (view.delta !== null) {
    await appendWindowEntry(tx, conversation_id, {
      kind: 'memory_delta',
      ref: input.note_id,
      text: view.delta,
    });
  }
}

async function viewMemory(db: Read, input: PlanInput, blocks: readonly WindowBlock[]): Promise<MemoryView> {
  const kept = await readMemorySnapshot(db, input.conversation_id);
  const snapshot = kept === null ? null : fromJson<MemorySnapshot>(kept);
  const edits = [];
  for (const seen of snapshot?.seen ?? []) {
    const current = blocks.find((block) => block.id === seen.block_id);
    if (current !== undefined && current.version !== seen.version) {
      edits.push(...(await listEditsAfter(db, seen.block_id, seen.version)));
    }
  }
  return decideMemory({
    agent_id: input.agent.id,
    conversation_id: input.conversation_id,
    snapshot,
    blocks,
    edits,
    now: input.now,
  });
}

function entriesAfter(entries: readonly WindowItem[], view: MemoryView, note_id: string): WindowItem[] {
  const kept = view.kind === 'fresh' ? entries.filter((item) => item.kind !== 'memory_delta') : [...entries];
  if (view.delta === null) return kept;
  const ord = (kept.at(-1)?.ord ?? 0) + 1;
  return [...kept, { ord, kind: 'memory_delta', ref: note_id, text: view.delta }];
}
