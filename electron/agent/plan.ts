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
  type WindowBlock,
  type WindowItem,
} from '../store/window.ts';
import type { KnownMessages } from '../store/window-messages.ts';
import { type Budget, shareWindow } from './compaction/budget.ts';
import { compileContext, type Context, type ContextInput } from './context.ts';
import { decideMemory, type MemorySnapshot, type MemoryView } from './memory-view.ts';
import { keepNotes, newNotes } from './notes.ts';
import type { Wording } from './pairing.ts';

/** What a request is planned from. */
export type PlanInput = {
  readonly agent: AgentRecord;
  readonly conversation_id: string;
  readonly model: Model;
  readonly tools: readonly ToolSchema[];
  readonly wording: Wording;
  /** Messages that need not be read again. */
  readonly known?: KnownMessages;
  readonly now: string;
  /** Id for a memory note, should one be needed. */
  readonly note_id: string;
  /** Tokens the server was found to hold, when that is less than it said. */
  readonly held?: number | null;
};

/** A compiled request and what its making changes in the window. */
export type Plan = {
  readonly context: Context;
  readonly view: MemoryView;
  /** News for the model that the window does not hold yet. */
  readonly notes: Awaited<ReturnType<typeof newNotes>>;
  /** The window as the request shows it. */
  readonly entries: readonly WindowItem[];
  readonly budget: Budget;
  /** The blocks of core memory as they are now. */
  readonly blocks: readonly WindowBlock[];
};

/** The smaller of the agent's own limit and the model's window, in tokens. */
export function windowOf(agent: AgentRecord, model: Model): number {
  return Math.min(agent.context_window_limit ?? model.context_window, model.context_window);
}

/** Plans the next request of a conversation without changing anything. */
export async function planRequest(db: Read, input: PlanInput): Promise<Plan> {
  const blocks = await listWindowBlocks(db, input.agent.id);
  const view = await viewMemory(db, input, blocks);
  const { conversation_id } = input;
  const stored = await listWindow(db, conversation_id, input.known);
  const home = { agent_id: input.agent.id, conversation_id };
  const notes = await newNotes(db, home, stored.at(-1)?.ord ?? 0);
  const entries = entriesAfter([...stored, ...notes], view, input.note_id);
  const context = compileContext(contextInput(input, view.snapshot, entries));
  return { context, view, entries, budget: budgetOf(input), blocks, notes };
}

/** How the window of a plan is shared out. */
export function budgetOf({ agent, model, held }: Pick<PlanInput, 'agent' | 'model' | 'held'>): Budget {
  const window = windowOf(agent, model);
  return shareWindow(Math.min(held ?? window, window), agent.model_settings);
}

/** What the compiler needs, for these entries and this memory. */
export function contextInput(
  input: PlanInput,
  snapshot: MemorySnapshot,
  entries: readonly WindowItem[],
): ContextInput {
  return {
    agent: input.agent,
    conversation_id: input.conversation_id,
    model: input.model.handle.slice(input.model.handle.indexOf('/') + 1),
    snapshot,
    entries,
    tools: input.tools,
    wording: input.wording,
  };
}

/** Writes down what a plan changes: the memory the model now knows, notes to it, the window it was made for. */
export async function keepPlan(tx: Write, input: PlanInput, plan: Plan): Promise<void> {
  const { conversation_id } = input;
  const { view, budget } = plan;
  const { window } = budget;
  await keepNotes(tx, conversation_id, { notes: plan.notes, now: input.now });
  if (view.kind === 'same' && view.snapshot.window === window) return;
  if (view.kind === 'fresh') await removeMemoryDeltas(tx, conversation_id);
  await writeMemorySnapshot(tx, conversation_id, toJson({ ...view.snapshot, window }));
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
