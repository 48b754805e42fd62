import type { BlockEdit, WindowBlock } from '../store/window.ts';
import { renderMemory, renderMemoryUpdate } from './prompts/memory.ts';

/** Core memory as a conversation's model sees it, frozen so that the prompt's first bytes stay the same. */
export type MemorySnapshot = {
  readonly text: string;
  readonly taken_at: string;
  /** Newest version of each block the model knows of, by the snapshot or by later messages. */
  readonly seen: readonly { readonly block_id: string; readonly version: number }[];
  /** Tokens of the window the talk was last fitted to; left out: it never was. */
  readonly window?: number;
};

/** How the view of memory goes on: as it was, with a note about others' edits, or taken anew. */
export type MemoryView = {
  readonly kind: 'same' | 'noted' | 'fresh';
  readonly snapshot: MemorySnapshot;
  /** Note to append to the window. */
  readonly delta: string | null;
};

/**
 * Decides how a conversation learns of memory edits. An edit by a person, the API or an import takes memory anew; the
 * agent's own edits in this conversation are in the window already; edits by other agents, or from its other
 * conversations, come as one note.
 */
export function decideMemory(facts: {
  readonly agent_id: string;
  readonly conversation_id: string;
  readonly snapshot: MemorySnapshot | null;
  readonly blocks: readonly WindowBlock[];
  /** Edits newer than the versions seen. */
  readonly edits: readonly BlockEdit[];
  readonly now: string;
}): MemoryView {
  const { snapshot, blocks, edits } = facts;
  if (snapshot === null || !sameBlocks(snapshot, blocks) || edits.some(needsFresh)) {
    return { kind: 'fresh', snapshot: takeSnapshot(blocks, facts.now), delta: null };
  }
  if (edits.length === 0) return { kind: 'same', snapshot, delta: null };
  const foreign = new Set(
    edits
      .filter((edit) => edit.agent_id !== facts.agent_id || edit.conversation_id !== facts.conversation_id)
      .map((edit) => edit.block_id),
  );
  const changed = blocks.filter((block) => foreign.has(block.id));
  return {
    kind: 'noted',
    snapshot: { ...snapshot, seen: seenOf(blocks) },
    delta: changed.length === 0 ? null : renderMemoryUpdate(changed),
  };
}

/** Takes memory as it is now. */
export function takeSnapshot(blocks: readonly WindowBlock[], now: string): MemorySnapshot {
  return { text: renderMemory(blocks), taken_at: now, seen: seenOf(blocks) };
}

function seenOf(blocks: readonly WindowBlock[]): MemorySnapshot['seen'] {
  return blocks.map((block) => ({ block_id: block.id, version: block.version }));
}

function sameBlocks(snapshot: MemorySnapshot, blocks: readonly WindowBlock[]): boolean {
  return (
    snapshot.seen.length === blocks.length &&
    snapshot.seen.every((seen, index) => seen.block_id === blocks[index]?.id)
  );
}

function needsFresh(edit: BlockEdit): boolean {
  return edit.actor !== 'agent' || edit.operation === 'settings';
}
