import { AppWindow, Ban, Check, FilePen, Hand, type LucideIcon } from 'lucide-react';
import type { JSX } from 'react';
import { t } from '../../messages/t.ts';
import { isWaiting, type ReviewItem } from '../../state/review.ts';
import { Icon } from '../../ui/icon.tsx';
import { Time } from '../../ui/time.tsx';
import { readCall } from './call-words.ts';
import { nameOfProposal } from './proposal-card.tsx';
import { timeOf } from './review-groups.ts';

/** Props of {@link ReviewRow}: `reachable` makes it the one the Tab key comes to. */
export type ReviewRowProps = {
  readonly item: ReviewItem;
  readonly selected: boolean;
  readonly reachable: boolean;
  readonly onOpen: () => void;
};

/** One line of the list: what it is of, what it would do, and since when. */
export function ReviewRow({ item, selected, reachable, onOpen }: ReviewRowProps): JSX.Element {
  const { title, gist } = wordsOf(item);
  return (
    <button
      type="button"
      className={`item two ${selected ? 'sel' : ''}`}
      aria-current={selected ? 'true' : undefined}
      tabIndex={reachable ? 0 : -1}
      data-item={item.id}
      onClick={onOpen}
    >
      <Icon icon={iconOf(item)} className={isWaiting(item) ? 'acc' : 't3'} />
      <span className="grow">
        <span className="row">
          <span className="em cut grow" dir="auto">
            {title}
          </span>
          <Time at={timeOf(item)} short />
        </span>
        <span className="cut sub block" dir="auto">
          {gist}
        </span>
      </span>
    </button>
  );
}

function iconOf(item: ReviewItem): LucideIcon {
  if (item.kind === 'edit') {
    if (item.edit.state === 'pending') return FilePen;
    return item.edit.state === 'accepted' ? Check : Ban;
  }
  const { state, kind } = item.call;
  if (state === 'pending') return kind === 'client' ? AppWindow : Hand;
  return state === 'approved' || state === 'returned' ? Check : Ban;
}

function wordsOf(item: ReviewItem): { readonly title: string; readonly gist: string } {
  if (item.kind === 'call') {
    return { title: readCall(item.call, []).words, gist: item.call.name };
  }
  const { edit } = item;
  return {
    title: nameOfProposal(edit),
    gist: firstNewLine(edit.before ?? '', edit.edited ?? edit.after ?? ''),
  };
}

/** The first line that was not there, else the first of all. */
function firstNewLine(before: string, after: string): string {
  const known = new Set(before.split('\n'));
  const lines = after.split('\n').filter((line) => line.trim() !== '');
  return lines.find((line) => !known.has(line)) ?? lines[0] ?? t('block.empty');
}
