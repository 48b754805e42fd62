import { History, RotateCcw } from 'lucide-react';
import { useCallback, useEffect, useState, type JSX } from 'react';
import type { Block, MemoryChange } from '../../../shared/contract/blocks.ts';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { useStores, type Stores } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Diff } from '../../ui/diff.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { ChangeWhy } from '../chat/change-why.tsx';
import { HistoryRow } from './history-row.tsx';
import { SideDrawer } from './side-drawer.tsx';

/** Props of {@link BlockHistory}. */
export type BlockHistoryProps = { readonly block: Block; readonly onClose: () => void };

/** All versions of a block, newest first: who did what, the words it changed, and a way back to each. */
export function BlockHistory({ block, onClose }: BlockHistoryProps): JSX.Element {
  const changes = useHistory(block);
  const [chosenId, setChosenId] = useState<string | null>(null);
  const chosen = changes?.find((change) => change.id === chosenId) ?? changes?.[0] ?? null;
  return (
    <SideDrawer
      title={t('block.historyOf', { label: block.label })}
      note={changes === null ? '' : t('history.count', { count: changes.length })}
      onClose={onClose}
      foot={chosen !== null && <Foot block={block} chosen={chosen} />}
    >
      {changes === null && <Skeleton lines={5} />}
      {changes?.length === 0 && <Empty icon={History} fact={t('history.empty')} />}
      <ol className="pasts" aria-label={t('history.versions')}>
        {(changes ?? []).map((change) => (
          <HistoryRow
            key={change.id}
            change={change}
            chosen={change === chosen}
            current={change.version === block.version}
            onChoose={() => setChosenId(change.id)}
          />
        ))}
      </ol>
      {chosen !== null && <Details change={chosen} />}
    </SideDrawer>
  );
}

/** Which version is looked at, and the way back to it. */
function Foot({ block, chosen }: { readonly block: Block; readonly chosen: MemoryChange }): JSX.Element {
  const stores = useStores();
  const isNow = chosen.version === block.version;
  return (
    <>
      <Button
        disabled={isNow || chosen.after === null}
        onClick={() => attempt(stores, () => restore(stores, block, chosen.version))}
      >
        <Icon icon={RotateCcw} size={14} />
        {t('history.restore')}
      </Button>
      <span className="grow" />
      <span className="t12 t3 num cut">{t('history.version', { version: chosen.version })}</span>
    </>
  );
}

/** The versions as they are on disk; read again when the block changes. `null` until known. */
function useHistory(block: Block): readonly MemoryChange[] | null {
  const stores = useStores();
  const [changes, setChanges] = useState<readonly MemoryChange[] | null>(null);
  const read = useCallback(
    () => attempt(stores, async () => setChanges(await stores.memory.getState().history(block.id))),
    [stores, block.id],
  );
  useEffect(read, [read, block.version]);
  return changes;
}

async function restore(stores: Stores, block: Block, version: number): Promise<void> {
  const { restoreVersion } = stores.memory.getState();
  const now = await restoreVersion({ block_id: block.id, version, base_version: block.version });
  stores.toast.getState().show(t('history.restored', { old: version, now: now.version }), {
    label: t('undo'),
    run: () =>
      attempt(stores, () =>
        restoreVersion({ block_id: block.id, version: block.version, base_version: now.version }),
      ),
  });
}

/** What a version changed, and why. */
function Details({ change }: { readonly change: MemoryChange }): JSX.Element {
  const same = change.before === change.after;
  return (
    <div
      className="past-open"
      role="group"
      aria-label={t('history.details', { version: change.version })}
      // Long texts are read with the arrow keys, too.
      tabIndex={0}
    >
      {!same && (
        <Diff before={change.before ?? ''} after={change.after ?? ''} label={change.label} around={2} />
      )}
      {(change.actor === 'agent' || change.reason !== null) && <ChangeWhy change={change} call={null} />}
    </div>
  );
}
