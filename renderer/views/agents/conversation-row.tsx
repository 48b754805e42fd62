import { Ellipsis, Pencil, Trash2 } from 'lucide-react';
import { useState, type JSX } from 'react';
import type { Conversation } from '../../../shared/contract/conversations.ts';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { openConversation } from '../../state/navigation.ts';
import { useConversations, useStores } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu, type MenuItem } from '../../ui/menu.tsx';
import { Time } from '../../ui/time.tsx';

/** What is done with a conversation beside opening it. */
export type ConversationTask = 'rename' | 'delete';

/** Props of {@link ConversationRow}. */
export type ConversationRowProps = {
  readonly conversation: Conversation;
  /** Tab comes by: one row of the list, from which the arrows lead to the others. */
  readonly reachable: boolean;
  readonly onChosen: () => void;
  readonly onTask: (task: ConversationTask) => void;
};

/** A conversation in the list: opens it; its menu renames and deletes it. */
export function ConversationRow({
  conversation,
  reachable,
  onChosen,
  onTask,
}: ConversationRowProps): JSX.Element {
  const stores = useStores();
  const selected = useConversations((state) => state.selected_id === conversation.id);
  const title = titleOf(conversation);
  const tabIndex = reachable ? 0 : -1;
  const items: MenuItem[] = [
    { label: t('conversations.rename'), icon: Pencil, onSelect: () => onTask('rename') },
  ];
  if (!conversation.is_default) {
    items.push({
      label: t('conversations.delete'),
      icon: Trash2,
      danger: true,
      onSelect: () => onTask('delete'),
    });
  }
  return (
    <div className="held">
      <button
        type="button"
        className={`item ${selected ? 'sel' : ''}`}
        aria-current={selected ? 'true' : undefined}
        title={title}
        tabIndex={tabIndex}
        onClick={() => attempt(stores, () => openConversation(stores, conversation.id).then(onChosen))}
        onDoubleClick={() => onTask('rename')}
      >
        <span className="grow cut" dir="auto">
          {title}
        </span>
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
        items={items}
      />
    </div>
  );
}

function titleOf(conversation: Conversation): string {
  return conversation.title === '' ? t('conversations.untitled') : conversation.title;
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
        if (event.key === 'Enter') save();
        if (event.key === 'Escape') onDone();
      }}
    />
  );
}

/** Props of {@link DeleteDialog}. */
export type DeleteProps = { readonly conversation: Conversation; readonly onClose: () => void };

/** Asks before a conversation goes to the trash. */
export function DeleteDialog({ conversation, onClose }: DeleteProps): JSX.Element {
  const stores = useStores();
  const remove = async (): Promise<void> => {
    const wasSelected = stores.conversations.getState().selected_id === conversation.id;
    await stores.conversations.getState().remove(conversation.id);
    const next = stores.conversations.getState().conversations[0];
    if (wasSelected) await openConversation(stores, next?.id ?? null);
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('conversations.deleteTitle', { title: titleOf(conversation) })}
      description={t('conversations.deleteText', { count: conversation.message_count })}
      foot={
        <>
          <span className="grow" />
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button
            kind="danger"
            onClick={() => {
              attempt(stores, remove);
              onClose();
            }}
          >
            {t('conversations.delete')}
          </Button>
        </>
      }
    />
  );
}
