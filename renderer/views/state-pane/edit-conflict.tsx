import { GitMerge } from 'lucide-react';
import { merge3 } from './merge-lines.ts';
import type { JSX } from 'react';
import { t } from '../../messages/t.ts';
import { Button } from '../../ui/button.tsx';
import { Diff } from '../../ui/diff.tsx';
import { Icon } from '../../ui/icon.tsx';

/** Props of {@link EditConflict}: `base` is what the editor started from, `current` what stands now. */
export type EditConflictProps = {
  readonly label: string;
  readonly base: string;
  readonly current: string;
  readonly mine: string;
  readonly onOverwrite: () => void;
  readonly onReload: () => void;
  readonly onMerge: (merged: string) => void;
};

/** A block changed while it was edited: what differs, and whether to overwrite, reload or merge. */
export function EditConflict(props: EditConflictProps): JSX.Element {
  const { label, base, current, mine, onOverwrite, onReload, onMerge } = props;
  return (
    <div className="chg" role="alert">
      <div className="why border-t-0">
        <Icon icon={GitMerge} size={14} className="warn" />
        <span className="grow">
          <span className="em text-text">{t('block.conflict', { label })}</span>
          <span className="block">{t('block.conflictWhy')}</span>
        </span>
      </div>
      <div className="row px-2 pb-2">
        <Button kind="ghost" size="s" onClick={onOverwrite}>
          {t('block.overwrite')}
        </Button>
        <Button kind="ghost" size="s" onClick={onReload}>
          {t('block.reload')}
        </Button>
        <Button kind="prim" size="s" onClick={() => onMerge(merge3(base, mine, current))}>
          {t('block.merge')}
        </Button>
      </div>
      <Diff before={current} after={mine} label={label} />
    </div>
  );
}
