import { useEffect, useState } from 'react';
import type { Block } from '../../../shared/contract/blocks.ts';
import { attemptQuietly } from '../../state/attempt.ts';
import { useMemory, useStores } from '../../state/stores.ts';

const NONE: readonly Block[] = [];

/** The blocks of an agent, chosen or not, as they are now. Empty until they were read. */
export function useAgentBlocks(agentId: string): readonly Block[] {
  const stores = useStores();
  const isChosen = useMemory((state) => state.agent_id === agentId);
  const chosen = useMemory((state) => state.blocks);
  const [read, setRead] = useState<{ readonly agent_id: string; readonly blocks: readonly Block[] } | null>(
    null,
  );
  useEffect(() => {
    if (isChosen) return undefined;
    let stale = false;
    const load = (): void =>
      attemptQuietly(stores, async () => {
        const { blocks } = await stores.client.call('blocks.list', { agent_id: agentId });
        if (!stale) setRead({ agent_id: agentId, blocks });
      });
    const onEvent = ({ type }: { readonly type: string }): void => {
      if (type === 'block.changed' || type === 'block.deleted') load();
    };
    load();
    stores.listeners.add(onEvent);
    return () => {
      stale = true;
      stores.listeners.delete(onEvent);
    };
  }, [stores, agentId, isChosen]);
  if (isChosen) return chosen;
  return read?.agent_id === agentId ? read.blocks : NONE;
}
