import { Archive, ArchiveRestore, Ellipsis, GitBranch, GitFork, Pencil, Trash2 } from 'lucide-react';
import { useState, type JSX, type KeyboardEvent } from 'react';
import { flushSync } from 'react-dom';
import type { Conversation } from '../../../shared/contract/conversations.ts';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { originOf } from '../../state/branches.ts';
import { openConversation } from '../../state/navigation.ts';
import { deleteConversation, titleOf } from '../../state/removal.ts';
import { useConversations, useStores, type Stores } from '../../state/stores.ts';
import { Icon } from '../../ui/icon.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu, type MenuItem } from '../../ui/menu.tsx';
import { Time } from '../../ui/time.tsx';

/** Props of {@link ConversationRow}. */
export type ConversationRowProps = {
  readonly conversation: Conversation;
  /** 0 for one that stands by itself, more for a branch under what it left. */
  readonly depth: number;
  /** Tab comes by: one row of the list, from which the arrows lead to the others. */
  readonly reachable: boolean;
  readonly onChosen: () => void;
  readonly onRename: () => void;
};

/** Branches of branches are set in no further than this. */
const DEEPEST = 3;

/** A conversation in the list: opens it; its menu renames it, puts it aside and deletes it. */
export function ConversationRow(props: ConversationRowProps): JSX.Element {
  const { conversation, depth, reachable, onChosen, onRename } = props;
  const stores = useStores();
  const selected = useConversations((state) => state.selected_id === conversation.id);
  const origin = useOriginWords(conversation);
  const title = titleOf(conversation);
  const tabIndex = reachable ? 0 : -1;
  return (
    <div className="held" data-depth={Math.min(depth, DEEPEST)}>
      <button
        type="button"
        className={`item ${selected ? 'sel' : ''}`}
        aria-current={selected ? 'true' : undefined}
        title={origin === null ? title : `${title}\n${origin}`}
        tabIndex={tabIndex}
        onClick={() => attempt(stores, () => openConversation(stores, conversation.id).then(onChosen))}
        onDoubleClick={onRename}
      >
        {origin !== null && <Icon icon={GitBranch} size={12} className="t3" />}
        <span className="grow cut" dir="auto">
          {title}
        </span>
        {origin !== null && <span className="sr">{origin}</span>}
        <Time at={conversation.last_message_at ?? conversation.created_at} short className="stamp" />
      </button>
      <Menu
        trigger={
          <IconButton
            icon={Ellipsis}
            iconSize={14}
            label={t('more', { name: title })}
            className="held-more"
            tabIndex={tabIndex}
          />
        }
        items={itemsOf(stores, conversation, onRename)}
      />
    </div>
  );
}

/** Which talk a branch left, in words; `null` for what is no branch. */
function useOriginWords(conversation: Conversation): string | null {
  return useConversations(({ conversations }) => {
    const origin = originOf(conversations, conversation);
    if (origin === null) return null;
    const parent = conversations.find(({ id }) => id === origin.parent_id);
    return parent === undefined ? t('branch.originGone') : t('branch.row', { title: titleOf(parent) });
  });
}

function itemsOf(stores: Stores, conversation: Conversation, onRename: () => void): readonly MenuItem[] {
  const aside = conversation.archived_at !== null;
  const archive = (): void =>
    attempt(stores, () => stores.conversations.getState().archive(conversation.id, !aside));
  const fork = (): void =>
    stores.branching.getState().askFork({ conversation_id: conversation.id, message_id: null });
  return [
    { label: t('conversations.rename'), icon: Pencil, onSelect: onRename },
    { label: t('fork.fromTalk'), icon: GitFork, onSelect: fork },
    aside
      ? { label: t('conversations.unarchive'), icon: ArchiveRestore, onSelect: archive }
      : { label: t('conversations.archive'), icon: Archive, onSelect: archive },
    ...(conversation.is_default
      ? []
      : [
          {
            label: t('conversations.delete'),
            icon: Trash2,
            danger: true,
            onSelect: () => attempt(stores, () => deleteConversation(stores, conversation)),
          },
        ]),
  ];
}

/** Props of {@link Rename}. */
export type RenameProps = { readonly conversation: Conversation; readonly onDone: () => void };

/** The title of a conversation as a field, in the place of its row. */
export function Rename({ conversation, onDone }: RenameProps): JSX.Element {
  const stores = useStores();
  const [title, setTitle] = useState(conversation.title);
  const save = (): void => {
    const words = title.trim();
    if (words !== '' && words !== conversation.title) {
      attempt(stores, () => stores.conversations.getState().rename(conversation.id, words));
    }
    onDone();
  };
  return (
    <input
      className="field w-full"
      aria-label={t('conversations.renameField')}
      autoFocus
      dir="auto"
      maxLength={200}
      value={title}
      onChange={(event) => setTitle(event.target.value)}
      onBlur={save}
      onKeyDown={(event) => {
        if (event.key === 'Enter') leave(event, save);
        if (event.key === 'Escape') leave(event, onDone);
      }}
    />
  );
}

/** Ends the field by a key: its row, which comes back in its place, has the focus then. */
function leave(event: KeyboardEvent, end: () => void): void {
  // The key would press the row, too.
  event.preventDefault();
  const place = event.currentTarget.closest('[data-id]');
  flushSync(end);
  place?.querySelector('button')?.focus();
}
