import { SquarePen } from 'lucide-react';
import { useMemo, useState, type JSX } from 'react';
import type { Conversation } from '../../../shared/contract/conversations.ts';
import { timeGroup } from '../../messages/time.ts';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { startConversation } from '../../state/navigation.ts';
import { useAgent, useConversations, useStores } from '../../state/stores.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { useNow } from '../../ui/use-now.ts';
import { ConversationRow, DeleteDialog, Rename, type ConversationTask } from './conversation-row.tsx';
import { LongList } from './long-list.tsx';

const GROUPS = ['today', 'week', 'earlier'] as const;

/** Pixels of a row, and of the words above the first one of a group, before they are measured. */
const ROW_HEIGHT = 32;
const GROUP_HEIGHT = 30;

/** The conversations of the chosen agent by the time they were last used. */
export function ConversationList({ onChosen }: { readonly onChosen: () => void }): JSX.Element | null {
  const stores = useStores();
  const agent = useAgent();
  const rows = useRows();
  const selected = useConversations((state) => state.selected_id);
  const [task, setTask] = useState<{ readonly id: string; readonly what: ConversationTask } | null>(null);
  if (agent === null) return <div className="scroll" />;
  const concerned = rows.find(({ id }) => id === task?.id)?.conversation;
  const onDone = (): void => setTask(null);
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
      <LongList
        key={agent.id}
        className="list scroll"
        label={t('conversations.title')}
        rows={rows}
        guess={({ group }) => ROW_HEIGHT + (group === null ? 0 : GROUP_HEIGHT)}
        selected_id={selected}
        draw={({ id, conversation, group }, reachable) => (
          <>
            {group !== null && <div className="group">{t(`conversations.${group}`)}</div>}
            {task?.id === id && task.what === 'rename' ? (
              <Rename conversation={conversation} onDone={onDone} />
            ) : (
              <ConversationRow
                conversation={conversation}
                reachable={reachable}
                onChosen={onChosen}
                onTask={(what) => setTask({ id, what })}
              />
            )}
          </>
        )}
      />
      {task?.what === 'delete' && concerned !== undefined && (
        <DeleteDialog conversation={concerned} onClose={onDone} />
      )}
    </>
  );
}

type ListRow = {
  readonly id: string;
  readonly conversation: Conversation;
  /** The group that begins here. */
  readonly group: (typeof GROUPS)[number] | null;
};

function useRows(): readonly ListRow[] {
  const now = useNow();
  const conversations = useConversations((state) => state.conversations);
  return useMemo(() => {
    const grouped = conversations.map((conversation) => ({
      conversation,
      name: timeGroup(conversation.last_message_at ?? conversation.created_at, now),
    }));
    return GROUPS.flatMap((name) =>
      grouped
        .filter((each) => each.name === name)
        .map(({ conversation }, at): ListRow => {
          const begins = at === 0 && conversations.length > 1;
          return { id: conversation.id, conversation, group: begins ? name : null };
        }),
    );
  }, [conversations, now]);
}
