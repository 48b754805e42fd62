import { useId, type JSX } from 'react';
import type { Effect } from '../../../shared/contract/branches.ts';
import { t } from '../../messages/t.ts';
import type { BranchTask } from '../../state/branching.ts';
import { useStores } from '../../state/stores.ts';
import { Diff } from '../../ui/diff.tsx';
import { nameOf } from '../chat/change-chip.tsx';

/** Props of {@link BranchEffects}. */
export type BranchEffectsProps = { readonly task: BranchTask };

/** Edits that are seen at once. */
const FEW = 3;

/** What the turns that are left behind changed in memory, each with its words, and the choice to take it back. */
export function BranchEffects({ task }: BranchEffectsProps): JSX.Element | null {
  const stores = useStores();
  const id = useId();
  if (task.effects === null) {
    return task.error === null ? <p className="t12 t3">{t('branch.looking')}</p> : null;
  }
  const standing = task.effects.filter(({ state }) => state !== 'reverted');
  if (standing.length === 0) return null;
  const count = standing.filter(({ state }) => state === 'revertible').length;
  return (
    <div className="effects">
      {count === 0 ? (
        <p className="t12 t2">{t('branch.kept', { count: standing.length })}</p>
      ) : (
        <div className="row">
          <input
            id={id}
            type="checkbox"
            checked={task.revert}
            onChange={({ target }) => stores.branching.getState().setRevert(target.checked)}
          />
          <label htmlFor={id}>{t('branch.revert', { count })}</label>
        </div>
      )}
      <ul
        aria-label={t('branch.effects')}
        // A list that may scroll is reached by key.
        tabIndex={standing.length > FEW ? 0 : undefined}
      >
        {standing.map((effect) => (
          <EffectRow key={effect.change.id} effect={effect} />
        ))}
      </ul>
    </div>
  );
}

function EffectRow({ effect: { change, problem } }: { readonly effect: Effect }): JSX.Element {
  const label = nameOf(change);
  return (
    <li className="chg" aria-label={t('branch.effect', { label })}>
      <div className="chg-h">
        <span className="lab cut">{label}</span>
      </div>
      <Diff before={change.before ?? ''} after={change.after ?? ''} label={label} around={0} />
      {problem !== null && <p className="why wrap">{t('branch.stays.because', { problem })}</p>}
    </li>
  );
}
