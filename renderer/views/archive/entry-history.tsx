import { History } from 'lucide-react';
import type { JSX } from 'react';
import type { Passage } from '../../../shared/contract/archive.ts';
import type { MemoryChange } from '../../../shared/contract/blocks.ts';
import { t } from '../../messages/t.ts';
import { Button } from '../../ui/button.tsx';
import { Diff, DiffCounts } from '../../ui/diff.tsx';
import { Drawer } from '../../ui/drawer.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Time } from '../../ui/time.tsx';
import { diffWords } from '../../ui/word-diff.ts';
import { authorOf } from './entry-row.tsx';
import type { EntryHistory } from './use-history.ts';

/** Props of {@link HistoryDrawer}. `onRestore` gets the text of the version to bring back as a new one. */
export type HistoryDrawerProps = {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly passage: Passage;
  readonly history: EntryHistory;
  readonly agent_name: string;
  readonly onRestore: (text: string) => void;
};

/** The versions of an entry, newest first: what each changed, who made it and why. Restoring makes a new version. */
export function HistoryDrawer(props: HistoryDrawerProps): JSX.Element {
  const { open, onOpenChange, passage, history, agent_name, onRestore } = props;
  return (
    <Drawer open={open} onOpenChange={onOpenChange} title={t('archive.history.title')}>
      {history.kind === 'reading' && <Skeleton lines={6} />}
      {history.kind === 'failed' && (
        <Empty icon={History} fact={t('archive.historyFailed', { message: history.message })} />
      )}
      {history.kind === 'read' && (
        <ol className="versions">
          {history.changes.map((change) => (
            <Version
              key={change.id}
              change={change}
              agent_name={agent_name}
              isCurrent={change.version === passage.version}
              onRestore={onRestore}
            />
          ))}
        </ol>
      )}
    </Drawer>
  );
}

type VersionProps = {
  readonly change: MemoryChange;
  readonly agent_name: string;
  readonly isCurrent: boolean;
  readonly onRestore: (text: string) => void;
};

function Version({ change, agent_name, isCurrent, onRestore }: VersionProps): JSX.Element {
  const { after } = change;
  const before = change.before ?? '';
  return (
    <li>
      <div className="row">
        <b className="num">{t('archive.version', { version: change.version })}</b>
        {isCurrent && <span className="tag acc">{t('archive.version.now')}</span>}
        <span className="t12 t3">
          <Time at={change.created_at} /> {authorOf(change, agent_name)}
        </span>
        <DiffCounts diff={diffWords(before, after ?? '')} words />
        <span className="grow" />
        {after !== null && !isCurrent && (
          <Button size="s" onClick={() => onRestore(after)}>
            {t('archive.restore')}
          </Button>
        )}
      </div>
      {change.reason !== null && <p className="t12 t2">{change.reason}</p>}
      {before !== (after ?? '') && <Diff before={before} after={after ?? ''} label={t('archive.entry')} />}
    </li>
  );
}
