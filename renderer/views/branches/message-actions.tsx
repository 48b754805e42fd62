import { Ellipsis, GitFork, Pencil, RefreshCw, type LucideIcon } from 'lucide-react';
import type { JSX } from 'react';
import type { Message } from '../../../shared/contract/conversations.ts';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import type { Parting } from '../../state/branches.ts';
import { useStores, type Stores } from '../../state/stores.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu, type MenuItem } from '../../ui/menu.tsx';
import { beginAgain, beginEdit } from './branch-acts.ts';
import { BranchSwitch } from './branch-switch.tsx';
import './branches.css';

/** Props of {@link MessageActions}. */
export type MessageActionsProps = {
  /** The messages of the turn they stand below. */
  readonly messages: readonly Message[];
  /** What a person said: this message itself, or the one it answers; `null` while that was not read. */
  readonly asked: Message | null;
  /** Where other talks part from this one with the turn. */
  readonly parting: Parting | null;
};

/** What can be done with a message: seen when it is pointed at or has the focus, and where talks part the way between them. */
export function MessageActions({ messages, asked, parting }: MessageActionsProps): JSX.Element {
  const stores = useStores();
  const items = itemsOf(stores, messages, asked);
  const [first] = items;
  return (
    <div className={`acts ${parting === null ? '' : 'parts'}`} role="group" aria-label={t('acts.name')}>
      {first !== undefined && asked !== null && (
        <IconButton
          icon={first.icon}
          iconSize={14}
          label={first.label}
          title={first.title}
          className="act"
          data-opens=""
          onClick={first.onSelect}
        />
      )}
      <Menu
        align="start"
        trigger={<IconButton icon={Ellipsis} iconSize={14} label={t('acts.more')} className="act" />}
        items={items}
      />
      {parting !== null && <BranchSwitch parting={parting} />}
    </div>
  );
}

type Act = MenuItem & { readonly icon: LucideIcon; readonly title: string };

function itemsOf(stores: Stores, messages: readonly Message[], asked: Message | null): readonly Act[] {
  const [first, last] = [messages[0], messages.at(-1)];
  if (first === undefined || last === undefined) return [];
  const fork = (): void =>
    stores.branching
      .getState()
      .askFork({ conversation_id: stores.talk.getState().conversation_id ?? '', message_id: last.id });
  const forkItem = { label: t('acts.fork'), title: t('acts.fork'), icon: GitFork, onSelect: fork };
  if (asked === null) return [forkItem];
  const isAnswer = asked.id !== first.id;
  const main: Act = isAnswer
    ? {
        label: t('acts.again'),
        title: t('acts.againHint'),
        icon: RefreshCw,
        onSelect: () => attempt(stores, () => beginAgain(stores, asked, first.id)),
      }
    : {
        label: t('acts.edit'),
        title: t('acts.editHint'),
        icon: Pencil,
        onSelect: () => attempt(stores, () => beginEdit(stores, asked)),
      };
  return [main, forkItem];
}
