import { useEffect, useRef, type JSX, type KeyboardEvent } from 'react';
import { t } from '../../messages/t.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { AcceptAll } from './accept-all.tsx';
import type { ReviewGroup, ReviewShow } from './review-groups.ts';
import { ReviewRow } from './review-row.tsx';

/** What the keys of the list do to the item that is open. */
export type ReviewAct = 'accept' | 'deny' | 'edit';

/** Props of {@link ReviewList}. */
export type ReviewListProps = {
  readonly groups: readonly ReviewGroup[];
  readonly show: ReviewShow;
  readonly selected_id: string | null;
  /** Grows each time the chosen row is to take the focus. */
  readonly focus_requests: number;
  /** `opens`: it is to be looked at, also where the list covers it. */
  readonly onSelect: (id: string, opens: boolean) => void;
  readonly onAct: (act: ReviewAct) => void;
};

const ACTS: Readonly<Record<string, ReviewAct>> = { a: 'accept', r: 'deny', e: 'edit' };

/** What waits, or was decided, by agent. Arrows move, Enter opens, A accepts, R rejects, E edits. */
export function ReviewList(props: ReviewListProps): JSX.Element {
  const { groups, show, selected_id, focus_requests, onSelect, onAct } = props;
  const list = useRef<HTMLDivElement>(null);
  const answered = useRef(focus_requests);
  useEffect(() => {
    if (answered.current === focus_requests) return;
    answered.current = focus_requests;
    list.current?.querySelector<HTMLElement>('[aria-current]')?.focus();
  }, [focus_requests, selected_id]);
  const ids = groups.flatMap(({ items }) => items.map(({ id }) => id));
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!isOnRow(event)) return;
    const to = targetOf(event.key, ids, selected_id);
    const act = show === 'waiting' ? ACTS[event.key.toLowerCase()] : undefined;
    if (to === undefined && act === undefined) return;
    event.preventDefault();
    if (to !== undefined) {
      onSelect(to, false);
      list.current?.querySelector<HTMLElement>(`[data-item="${to}"]`)?.focus();
    } else if (act !== undefined) onAct(act);
  };
  return (
    <div
      ref={list}
      className="scroll rev-list"
      role="group"
      aria-label={t(show === 'waiting' ? 'review.list' : 'review.listDecided')}
      onKeyDown={onKeyDown}
    >
      {groups.map((group) => (
        <section key={group.agent.id} aria-label={t('review.ofAgent', { name: group.agent.name })}>
          <div className="rev-group">
            <Avatar name={group.agent.name} kind="agent" small />
            <h2 className="cut grow" dir="auto">
              {group.agent.name}
            </h2>
            <span className="t12 t3 num">{group.items.length}</span>
          </div>
          {show === 'waiting' && <AcceptAll group={group} />}
          <ul className="list">
            {group.items.map((item) => (
              <li key={item.id}>
                <ReviewRow
                  item={item}
                  selected={item.id === selected_id}
                  reachable={item.id === (selected_id ?? ids[0])}
                  onOpen={() => onSelect(item.id, true)}
                />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

/** Whether a bare key was pressed on a row, and not on a button over the rows. */
function isOnRow({ ctrlKey, metaKey, altKey, target }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey) return false;
  return target instanceof HTMLElement && target.dataset['item'] !== undefined;
}

/** Where a key leads from the chosen row; `undefined` for other keys. The ends hold. */
function targetOf(key: string, ids: readonly string[], selected: string | null): string | undefined {
  const at = ids.indexOf(selected ?? '');
  if (key === 'ArrowDown') return ids[Math.min(ids.length - 1, at + 1)];
  if (key === 'ArrowUp') return ids[Math.max(0, at - 1)];
  if (key === 'Home') return ids[0];
  return key === 'End' ? ids.at(-1) : undefined;
}
