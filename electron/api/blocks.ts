import type { Block } from '../../shared/contract/blocks.ts';
import type { MethodName } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { BlockEdit } from '../memory/block-versions.ts';
import {
  createBlock,
  deleteBlock,
  editBlock,
  restoreVersion,
  shareBlock,
  unshareBlock,
} from '../memory/blocks.ts';
import { eventsOfBlockEdit, eventsOfUndo } from '../memory/events.ts';
import { undoChange } from '../memory/undo.ts';
import { readAgent } from '../store/agents.ts';
import { getBlock, listBlocks, listBlocksOfAgent } from '../store/blocks.ts';
import { listBlockVersions, listChanges } from '../store/memory-changes.ts';
import { type ApiDeps, editContext } from './deps.ts';
import type { Handlers } from './dispatch.ts';

type BlockMethod = Extract<MethodName, `blocks.${string}` | `changes.${string}`>;

/** Core memory: the blocks and their history. */
export function blockHandlers(deps: ApiDeps): Pick<Handlers, BlockMethod> {
  const { database, emit } = deps;
  const tell = (edit: BlockEdit): Block => {
    for (const event of eventsOfBlockEdit(edit)) emit(event);
    return edit.block;
  };
  return {
    'blocks.list': async ({ agent_id }) => {
      if (agent_id === undefined) return { blocks: await listBlocks(database.read) };
      await readAgent(database.read, agent_id);
      return { blocks: await listBlocksOfAgent(database.read, agent_id) };
    },
    'blocks.get': async ({ block_id }) => readBlock(deps, block_id),
    'blocks.create': async (input, context) =>
      tell(
        await database.transaction(async (tx) => {
          if (input.agent_id !== undefined) await readAgent(tx, input.agent_id);
          return createBlock(tx, input, editContext(deps, context, input.agent_id));
        }),
      ),
    'blocks.update': async (input, context) =>
      tell(await database.transaction((tx) => editBlock(tx, input, editContext(deps, context)))),
    'blocks.attach': async (input) => {
      const block = await database.transaction(async (tx) => {
        await readAgent(tx, input.agent_id);
        return shareBlock(tx, input);
      });
      emit({ type: 'block.changed', block });
      return block;
    },
    'blocks.detach': async (input, context) => {
      const block = await database.transaction((tx) => unshareBlock(tx, input, editContext(deps, context)));
      emit({ type: 'block.changed', block });
      return {};
    },
    'blocks.delete': async ({ block_id }, context) => {
      const { change } = await database.transaction((tx) =>
        deleteBlock(tx, block_id, editContext(deps, context)),
      );
      emit({ type: 'block.deleted', block_id });
      emit({ type: 'memory.changed', change });
      return {};
    },
    'blocks.history': async ({ block_id, limit }) => {
      await readBlock(deps, block_id);
      return { changes: await listBlockVersions(database.read, block_id, limit) };
    },
    'blocks.restore': async (input, context) =>
      tell(await database.transaction((tx) => restoreVersion(tx, input, editContext(deps, context)))),
    'changes.list': async (filter) => ({ changes: await listChanges(database.read, filter) }),
    'changes.undo': async ({ change_id }, context) => {
      const undone = await database.transaction((tx) =>
        undoChange(tx, change_id, editContext(deps, context)),
      );
      for (const event of eventsOfUndo(undone)) emit(event);
      return { change: undone.change, block: undone.block };
    },
  };
}

async function readBlock(deps: ApiDeps, block_id: string): Promise<Block> {
  const block = await getBlock(deps.database.read, block_id);
  if (block === null) throw new AppError('not_found', 'There is no such block.', { details: { block_id } });
  return block;
}
