import { ChevronLeft, ChevronRight } from 'lucide-react';
import type { JSX } from 'react';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import type { Parting } from '../../state/branches.ts';
import { useStores } from '../../state/stores.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { takeWay } from './branch-acts.ts';

/** Props of {@link BranchSwitch}: the place at which talks part. */
export type BranchSwitchProps = { readonly parting: Parting };

/** Which of the branches that part here is read, and the way to the others. */
export function BranchSwitch({ parting }: BranchSwitchProps): JSX.Element {
  const stores = useStores();
  const place = parting.taken + 1;
  const count = parting.ways.length;
  const go = async (step: 1 | -1): Promise<void> => {
    await takeWay(stores, parting, step);
    // The talk was drawn anew: whoever steps on finds the button where it was.
    focusSwitch(parting.after_seq, step);
  };
  return (
    <span
      className="ways num"
      role="group"
      aria-label={t('branch.of', { place, count })}
      data-after={parting.after_seq}
    >
      <IconButton
        icon={ChevronLeft}
        iconSize={14}
        label={t('branch.previous')}
        title={t('branch.previousHint')}
        onClick={() => attempt(stores, () => go(-1))}
      />
      <span aria-hidden="true">{t('branch.ofShort', { place, count })}</span>
      <IconButton
        icon={ChevronRight}
        iconSize={14}
        label={t('branch.next')}
        title={t('branch.nextHint')}
        onClick={() => attempt(stores, () => go(1))}
      />
    </span>
  );
}

function focusSwitch(after_seq: number, step: 1 | -1): void {
  const buttons = document.querySelectorAll<HTMLElement>(`.ways[data-after="${after_seq}"] button`);
  buttons[step === 1 ? 1 : 0]?.focus({ preventScroll: true });
}
