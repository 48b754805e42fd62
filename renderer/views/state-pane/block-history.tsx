import { History } from 'lucide-react';
import { useCallback, useEffect, useState, type JSX } from 'react';
import type { Block, MemoryChange } from '../../../shared/contract/blocks.ts';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { useStores } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Diff, DiffCounts } from '../../ui/diff.tsx';
import { Drawer } from '../../ui/drawer.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Time } from '../../ui/time.tsx';
import { diffWords } from '../../ui/word-diff.ts';

/** Props of {@link BlockHistory}. */
export type BlockHistoryProps = { readonly block: Block; readonly onClose: () => void };

/** All versions of a block, newest first, each with what it changed, and a way back to it. */
export function BlockHistory({ block, onClose }: BlockHistoryProps): JSX.Element {
  const stores = useStores();
  const [changes, setChanges] = useState<readonly MemoryChange[] | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const read = useCallback(
    () => attempt(stores, async () => setChanges(await stores.memory.getState().history(block.id))),
    [stores, block.id],
  );
  useEffect(read, [read, block.version]);
  const restore = async (version: number): Promise<void> => {
    const now = await stores.memory.getState().restoreVersion({
      block_id: block.id,
      version,
      base_version: block.version,
    });
    stores.toast.getState().show(t('history.restored', { old: version, now: now.version }), {
      label: t('undo'),
      run: () =>
        attempt(stores, () =>
          stores.memory.getState().restoreVersion({
            block_id: block.id,
            version: block.version,
            base_version: now.version,
          }),
        ),
    });
  };
  return (
    <Drawer
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('block.historyOf', { label: block.label })}
    >
      {changes === null && <Skeleton lines={5} />}
      {changes?.length === 0 && <Empty icon={History} fact={t('history.empty')} />}
      <ol aria-label={t('history.versions')}>
        {(changes ?? []).map((change, at) => (
          <Version
            key={change.id}
            change={change}
            open={chosen === null ? at === 0 : chosen === change.id}
            current={change.version === block.version}
            onOpen={() => setChosen(change.id)}
            onRestore={() => attempt(stores, () => restore(change.version))}
          />
        ))}
      </ol>
    </Drawer>
  );
}

type VersionProps = {
  readonly change: MemoryChange;
  readonly open: boolean;
  readonly current: boolean;
  readonly onOpen: () => void;
  readonly onRestore: () => void;
};

function Version({ change, open, current, onOpen, onRestore }: VersionProps): JSX.Element {
  return (
    <li className="past">
      <div className="row">
        <button type="button" className="item grow" aria-expanded={open} onClick={onOpen}>
          <span className="em num">{t('history.version', { version: change.version })}</span>
          <DiffCounts diff={diffWords(change.before ?? '', change.after ?? '')} words />
          <span className="t12 t3 cut grow">{t(`history.by.${change.actor}`)}</span>
          {current && <span className="tag acc">{t('history.now')}</span>}
          <Time at={change.created_at} className="t12 t3" />
        </button>
        {open && !current && change.after !== null && (
          <Button size="s" onClick={onRestore}>
            {t('history.restore')}
          </Button>
        )}
      </div>
      {open && (
        <div className="chg">
          <Diff before={change.before ?? ''} after={change.after ?? ''} label={change.label} around={2} />
          {change.reason !== null && (
            <div className="why">
              <q>{change.reason}</q>
            </div>
          )}
        </div>
      )}
    </li>
  );
}
