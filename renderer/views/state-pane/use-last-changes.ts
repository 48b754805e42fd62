import { useEffect, useState } from 'react';
import type { MemoryChange } from '../../../shared/contract/blocks.ts';
import { attemptQuietly } from '../../state/attempt.ts';
import { useConnection, useMemory, useStores } from '../../state/stores.ts';

/**
 * The last changes of an agent, newest first: those it made, and those anybody made to a block or the archive it has
 * now. Only the backend knows which these are, so it is asked again after each change.
 */
export function useLastChanges(agentId: string | null, limit: number): readonly MemoryChange[] {
  const stores = useStores();
  const changes = useMemory((state) => state.changes);
  const blocks = useMemory((state) => state.blocks);
  const loaded = useMemory((state) => state.loaded);
  const revision = useMemory((state) => state.archive_revision);
  const info = useConnection((state) => state.info);
  const [last, setLast] = useState({ agentId, changes: NONE });
  useEffect(() => {
    if (agentId === null || !loaded) return undefined;
    let stale = false;
    attemptQuietly(stores, async () => {
      const answer = await stores.client.call('changes.list', { agent_id: agentId, limit });
      if (!stale) setLast({ agentId, changes: answer.changes });
    });
    return () => {
      stale = true;
    };
  }, [stores, agentId, limit, changes, blocks, loaded, revision, info]);
  return last.agentId === agentId ? last.changes : NONE;
}

const NONE: readonly MemoryChange[] = [];
