import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Client } from '../../shared/client.ts';
import type { Block, MemoryChange } from '../../shared/contract/blocks.ts';
import type { InputOf, OutputOf } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { t } from '../messages/t.ts';
import { upsertVersioned, without } from './entities.ts';
import { createMeanwhile, type Meanwhile } from './meanwhile.ts';

/** A block whose newest words were not seen yet. */
export type Fresh = {
  /** Its text before the newest answer or edit that was not seen; what came before that is old by then. */
  readonly before: string;
  /** The newest of those changes. */
  readonly change_id: string;
};

/** Core memory of the chosen agent, and every memory change this window knows of. */
export type MemoryState = {
  readonly agent_id: string | null;
  readonly loaded: boolean;
  readonly blocks: readonly Block[];
  /** By change id. */
  readonly changes: Readonly<Record<string, MemoryChange>>;
  /** By block id. */
  readonly fresh: Readonly<Record<string, Fresh>>;
  /** Entries in the archive of the chosen agent; `null` until known. */
  readonly archive_total: number | null;
  /** Grows with every change of any archive entry: read again what was read of archives. */
  readonly archive_revision: number;
  readonly load: (agentId: string) => Promise<void>;
  readonly loadArchiveTotal: () => Promise<void>;
  readonly createBlock: (input: InputOf<'blocks.create'>) => Promise<Block>;
  readonly updateBlock: (input: InputOf<'blocks.update'>) => Promise<Block>;
  readonly restoreVersion: (input: InputOf<'blocks.restore'>) => Promise<Block>;
  readonly attachBlock: (blockId: string, agentId: string) => Promise<void>;
  readonly detachBlock: (blockId: string, agentId: string) => Promise<void>;
  readonly deleteBlock: (blockId: string) => Promise<void>;
  /** Takes a block back out of the trash. Rejects when its deletion is no longer on record or was undone. */
  readonly undeleteBlock: (blockId: string) => Promise<void>;
  readonly history: (blockId: string) => Promise<readonly MemoryChange[]>;
  /** Takes one change back. Rejects with `conflict` when what came later stands in the way. */
  readonly undo: (changeId: string) => Promise<OutputOf<'changes.undo'>>;
  readonly markSeen: (blockId: string) => void;
  readonly putBlock: (block: Block) => void;
  readonly dropBlock: (blockId: string) => void;
  readonly putChange: (change: MemoryChange) => void;
  readonly putChanges: (changes: readonly MemoryChange[]) => void;
  readonly touchArchive: () => void;
};

/** Makes the store of the memory. */
export function createMemoryStore(client: Client): StoreApi<MemoryState> {
  return createStore<MemoryState>()((set, get) => {
    const news = createMeanwhile<BlockNews>((told) =>
      set((state) => ({
        blocks: 'dropped' in told ? without(state.blocks, told.dropped) : placeBlock(state, told),
      })),
    );
    return {
      agent_id: null,
      loaded: false,
      blocks: [],
      changes: {},
      fresh: {},
      archive_total: null,
      archive_revision: 0,
      ...reading({ client, news, set, get }),
      ...writing(client, get),
      markSeen: (blockId) => set(({ fresh: { [blockId]: _seen, ...fresh } }) => ({ fresh })),
      putBlock: news.tell,
      dropBlock: (blockId) => news.tell({ dropped: blockId }),
      putChange: (change) =>
        set((state) => ({
          changes: { ...withChange(state.changes, change), [change.id]: change },
          fresh: freshen(state, change),
        })),
      putChanges: (changes) => set((state) => ({ changes: changes.reduce(withChange, state.changes) })),
      touchArchive: () => set((state) => ({ archive_revision: state.archive_revision + 1 })),
    };
  });
}

type BlockNews = Block | { readonly dropped: string };

type Setter = StoreApi<MemoryState>['setState'];
type Getter = StoreApi<MemoryState>['getState'];

type Reader = {
  readonly client: Client;
  readonly news: Meanwhile<BlockNews>;
  readonly set: Setter;
  readonly get: Getter;
};

function reading({
  client,
  news,
  set,
  get,
}: Reader): Pick<MemoryState, 'load' | 'loadArchiveTotal' | 'history'> {
  return {
    load: async (agentId) => {
      if (get().agent_id !== agentId) {
        set({ agent_id: agentId, loaded: false, blocks: [], changes: {}, fresh: {}, archive_total: null });
      }
      await news.read(
        () =>
          Promise.all([
            client.call('blocks.list', { agent_id: agentId }),
            client.call('changes.list', { agent_id: agentId, limit: 50 }),
          ]),
        ([{ blocks }, { changes }]) => {
          if (get().agent_id !== agentId) return;
          set((state) => ({ blocks, loaded: true, changes: changes.reduce(withChange, state.changes) }));
        },
      );
      if (get().agent_id === agentId) await get().loadArchiveTotal();
    },
    loadArchiveTotal: async () => {
      const agentId = get().agent_id;
      if (agentId === null) return;
      const { total } = await client.call('archive.list', { agent_id: agentId, limit: 1 });
      if (get().agent_id === agentId) set({ archive_total: total });
    },
    history: async (blockId) => (await client.call('blocks.history', { block_id: blockId })).changes,
  };
}

type Writing = Pick<
  MemoryState,
  | 'createBlock'
  | 'updateBlock'
  | 'restoreVersion'
  | 'attachBlock'
  | 'detachBlock'
  | 'deleteBlock'
  | 'undeleteBlock'
  | 'undo'
>;

function writing(client: Client, get: Getter): Writing {
  const keep = (block: Block): Block => {
    get().putBlock(block);
    return block;
  };
  const undo: MemoryState['undo'] = async (changeId) => {
    const answer = await client.call('changes.undo', { change_id: changeId });
    get().putChange(answer.change);
    if (answer.block !== null) get().putBlock(answer.block);
    return answer;
  };
  return {
    createBlock: async (input) => keep(await client.call('blocks.create', input)),
    updateBlock: async (input) => keep(await client.call('blocks.update', input)),
    restoreVersion: async (input) => keep(await client.call('blocks.restore', input)),
    attachBlock: async (blockId, agentId) =>
      void keep(await client.call('blocks.attach', { block_id: blockId, agent_id: agentId })),
    detachBlock: async (blockId, agentId) => {
      await client.call('blocks.detach', { block_id: blockId, agent_id: agentId });
      get().dropBlock(blockId);
    },
    deleteBlock: async (blockId) => {
      await client.call('blocks.delete', { block_id: blockId });
      get().dropBlock(blockId);
    },
    undeleteBlock: async (blockId) => {
      // Its own history is not told while it is in the trash.
      const { changes } = await client.call('changes.list', { limit: 500 });
      const deletion = changes.find((each) => each.target_id === blockId && each.after === null);
      if (deletion === undefined) throw new AppError('not_found', t('block.deletionLost'));
      await undo(deletion.id);
      const agentId = get().agent_id;
      // It comes back where it stood, not at the end.
      if (agentId !== null) await get().load(agentId);
    },
    undo,
  };
}

/** A new block goes to the end: that is where it stands in the prompt. A block of other agents only goes away. */
function placeBlock(state: MemoryState, block: Block): readonly Block[] {
  const attached = state.agent_id !== null && block.agent_ids.includes(state.agent_id);
  if (!attached) return without(state.blocks, block.id);
  if (state.blocks.some((each) => each.id === block.id)) return upsertVersioned(state.blocks, block);
  return [...state.blocks, block];
}

/** A change as it was read; what was read may be older than what is known of its undoing. */
function withChange(
  changes: Readonly<Record<string, MemoryChange>>,
  change: MemoryChange,
): Readonly<Record<string, MemoryChange>> {
  const undone_by = change.undone_by ?? changes[change.id]?.undone_by ?? null;
  const undone = change.undoes === null ? undefined : changes[change.undoes];
  const before =
    undone === undefined ? changes : { ...changes, [undone.id]: { ...undone, undone_by: change.id } };
  return { ...before, [change.id]: { ...change, undone_by } };
}

/** Words of the agent are fresh until seen; words of the person are known to them already. */
function freshen(state: MemoryState, change: MemoryChange): Readonly<Record<string, Fresh>> {
  // A change that is told again (it was undone, say) brings no new words.
  if (change.kind !== 'block' || change.undone_by !== null || state.changes[change.id] !== undefined)
    return state.fresh;
  const { [change.target_id]: known, ...others } = state.fresh;
  if (change.actor === 'user' || change.after === null || change.operation === 'settings') return others;
  const before = known !== undefined && isSameAnswer(state, known, change) ? known.before : change.before;
  return { ...others, [change.target_id]: { before: before ?? '', change_id: change.id } };
}

/** Two changes of one answer are new together. */
function isSameAnswer({ changes }: MemoryState, known: Fresh, change: MemoryChange): boolean {
  return change.run_id !== null && changes[known.change_id]?.run_id === change.run_id;
}
