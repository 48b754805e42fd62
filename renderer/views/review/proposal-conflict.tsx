import { GitMerge } from 'lucide-react';
import type { JSX } from 'react';
import type { AppError } from '../../../shared/errors.ts';
import { t } from '../../messages/t.ts';
import { Button } from '../../ui/button.tsx';
import { Diff } from '../../ui/diff.tsx';
import { Icon } from '../../ui/icon.tsx';
import { merge3 } from '../state-pane/merge-lines.ts';

/** The texts of a conflict, and the version to build on. */
export type TextConflict = {
  readonly current: string;
  readonly base: string;
  readonly yours: string;
  readonly version: number;
};

/** The texts a failure carries when both changed the same lines; `null` for any other failure. */
export function readConflict(failure: AppError | null): TextConflict | null {
  if (failure?.code !== 'conflict') return null;
  const { current, base, yours, version } = failure.details ?? {};
  const isWhole = [current, base, yours].every((text) => typeof text === 'string');
  if (!isWhole || typeof version !== 'number') return null;
  return { current: String(current), base: String(base), yours: String(yours), version };
}

/** Props of {@link ProposalConflict}. */
export type ProposalConflictProps = {
  readonly label: string;
  readonly conflict: TextConflict;
  readonly busy: boolean;
  /** Puts the proposed text in the place of the newer one. */
  readonly onTake: () => void;
  /** Gives both texts in one, for the person to sort out. */
  readonly onMerge: (text: string) => void;
  /** Decides nothing for now. */
  readonly onLeave: () => void;
};

/** A proposal whose text was changed meanwhile, in the same lines: what taking it would change, and a merge of both. */
export function ProposalConflict(props: ProposalConflictProps): JSX.Element {
  const { label, conflict, busy, onTake, onMerge, onLeave } = props;
  const { base, yours, current } = conflict;
  return (
    <div role="alert">
      <div className="why conflict">
        <Icon icon={GitMerge} size={14} className="warn" />
        <span className="grow wrap">{t('review.conflict', { label })}</span>
        <span className="row">
          <Button kind="ghost" size="s" disabled={busy} onClick={onTake}>
            {t('review.takeProposed')}
          </Button>
          <Button kind="ghost" size="s" onClick={onLeave}>
            {t('review.later')}
          </Button>
          <Button kind="prim" size="s" disabled={busy} onClick={() => onMerge(merge3(base, yours, current))}>
            {t('block.merge')}
          </Button>
        </span>
      </div>
      <p className="why">{t('review.conflictDiff')}</p>
      <Diff before={current} after={yours} label={label} />
    </div>
  );
}
