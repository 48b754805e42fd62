import { Ellipsis, Pencil, SquarePen, Trash2 } from 'lucide-react';
import { useState, type JSX } from 'react';
import type { Conversation } from '../../../shared/contract/conversations.ts';
import { timeGroup } from '../../messages/time.ts';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { openConversation, startConversation } from '../../state/navigation.ts';
import { useAgent, useConversations, useStores } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu, type MenuItem } from '../../ui/menu.tsx';
import { Time } from '../../ui/time.tsx';
import { useNow } from '../../ui/use-now.ts';

const GROUPS = ['today', 'week', 'earlier'] as const;

/** The conversations of the chosen agent by the time they were last used. */
export function ConversationList({ onChosen }: { readonly onChosen: () => void }): JSX.Element | null {
  const stores = useStores();
  const agent = useAgent();
  const now = useNow();
  const conversations = useConversations((state) => state.conversations);
  if (agent === null) return <div className="scroll" />;
  const groups = GROUPS.map((name) => ({
    name,
    rows: conversations.filter((each) => timeGroup(each.last_message_at ?? each.created_at, now) === name),
  })).filter((group) => group.rows.length > 0);
  return (
    <>
      <div className="sect second">
        <span className="grow">{t('conversations.title')}</span>
        <IconButton
          icon={SquarePen}
          label={t('conversations.new')}
          title={t('conversations.newHint')}
          onClick={() => attempt(stores, () => startConversation(stores).then(onChosen))}
        />
      </div>
      <ul className="list scroll" aria-label={t('conversations.title')}>
        {groups.map((group) => (
          <li key={group.name}>
            {conversations.length > 1 && <div className="group">{t(`conversations.${group.name}`)}</div>}
            <ul>
              {group.rows.map((conversation) => (
                <ConversationRow key={conversation.id} conversation={conversation} onChosen={onChosen} />
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </>
  );
}

type RowProps = { readonly conversation: Conversation; readonly onChosen: () => void };

function ConversationRow({ conversation, onChosen }: RowProps): JSX.Element {
  const stores = useStores();
  const selected = useConversations((state) => state.selected_id === conversation.id);
  const [renaming, setRenaming] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const title = conversation.title === '' ? t('conversations.untitled') : conversation.title;
  if (renaming) return <Rename conversation={conversation} onDone={() => setRenaming(false)} />;
  const items: MenuItem[] = [
    { label: t('conversations.rename'), icon: Pencil, onSelect: () => setRenaming(true) },
  ];
  if (!conversation.is_default) {
    items.push({
      label: t('conversations.delete'),
      icon: Trash2,
      danger: true,
      onSelect: () => setDeleting(true),
    });
  }
  return (
    <li className="held">
      <button
        type="button"
        className={`item ${selected ? 'sel' : ''}`}
        aria-current={selected ? 'true' : undefined}
        title={title}
        onClick={() => attempt(stores, () => openConversation(stores, conversation.id).then(onChosen))}
        onDoubleClick={() => setRenaming(true)}
      >
        <span className="grow cut">{title}</span>
        <Time at={conversation.last_message_at ?? conversation.created_at} short className="stamp" />
      </button>
      <Menu
        trigger={
          <IconButton
            icon={Ellipsis}
            iconSize={14}
            label={t('more', { name: title })}
            className="held-more"
          />
        }
        items={items}
      />
      {deleting && (
        <DeleteDialog conversation={conversation} title={title} onClose={() => setDeleting(false)} />
      )}
    </li>
  );
}

function Rename({ conversation, onDone }: { conversation: Conversation; onDone: () => void }): JSX.Element {
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
    <li>
      <input
        className="field w-full"
        aria-label={t('conversations.renameField')}
        autoFocus
        maxLength={200}
        value={title}
        onChange={(event) => setTitle(event.target.value)}
        onBlur={save}
        onKeyDown={(event) => {
          if (event.key === 'Enter') save();
          if (event.key === 'Escape') onDone();
        }}
      />
    </li>
  );
}

type DeleteProps = {
  readonly conversation: Conversation;
  readonly title: string;
  readonly onClose: () => void;
};

function DeleteDialog({ conversation, title, onClose }: DeleteProps): JSX.Element {
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
      title={t('conversations.deleteTitle', { title })}
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
