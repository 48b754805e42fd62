import { ChevronDown, ChevronRight, SquarePen, Trash2 } from 'lucide-react';
import { useMemo, useState, type JSX } from 'react';
import type { Conversation } from '../../../shared/contract/conversations.ts';
import { timeGroup } from '../../messages/time.ts';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { inListOrder, type ListedConversation } from '../../state/branches.ts';
import { startConversation } from '../../state/navigation.ts';
import { useAgent, useConversations, useStores } from '../../state/stores.ts';
import { Icon } from '../../ui/icon.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { useNow } from '../../ui/use-now.ts';
import { ConversationRow, Rename } from './conversation-row.tsx';
import { LongList } from './long-list.tsx';
import { TrashDialog } from './trash-dialog.tsx';

/** Pixels of a row, and of the words above the first one of a group, before they are measured. */
const ROW_HEIGHT = 32;
const GROUP_HEIGHT = 30;

/** The conversations of the chosen agent by the time they were last used, branches under what they left. */
export function ConversationList({ onChosen }: { readonly onChosen: () => void }): JSX.Element | null {
  const stores = useStores();
  const agent = useAgent();
  const [unfolded, setUnfolded] = useState(false);
  const rows = useRows(unfolded);
  const selected = useConversations((state) => state.selected_id);
  const [renamed, setRenamed] = useState<string | null>(null);
  const [trash, setTrash] = useState(false);
  if (agent === null) return <div className="scroll" />;
  return (
    <>
      <div className="sect second">
        <span className="grow">{t('conversations.title')}</span>
        <IconButton icon={Trash2} iconSize={14} label={t('trash.title')} onClick={() => setTrash(true)} />
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
        guess={(row) => ROW_HEIGHT + ('group' in row && row.group !== null ? GROUP_HEIGHT : 0)}
        selected_id={selected}
        draw={(row, reachable) =>
          'count' in row ? (
            <Fold row={row} open={unfolded} reachable={reachable} onFold={() => setUnfolded(!unfolded)} />
          ) : (
            <>
              {row.group !== null && <div className="group">{t(`conversations.${row.group}`)}</div>}
              {renamed === row.id ? (
                <Rename conversation={row.conversation} onDone={() => setRenamed(null)} />
              ) : (
                <ConversationRow
                  conversation={row.conversation}
                  depth={row.depth}
                  reachable={reachable}
                  onChosen={onChosen}
                  onRename={() => setRenamed(row.id)}
                />
              )}
            </>
          )
        }
      />
      {trash && <TrashDialog agent={agent} onClose={() => setTrash(false)} />}
    </>
  );
}

type TalkRow = ListedConversation & {
  readonly id: string;
  /** The group that begins here. */
  readonly group: 'today' | 'week' | 'earlier' | null;
};

/** The row above those that were put aside. */
type FoldRow = { readonly id: 'archived'; readonly count: number };

type FoldProps = {
  readonly row: FoldRow;
  readonly open: boolean;
  readonly reachable: boolean;
  readonly onFold: () => void;
};

function Fold({ row, open, reachable, onFold }: FoldProps): JSX.Element {
  return (
    <button
      type="button"
      className="item fold t12 t2"
      aria-expanded={open}
      tabIndex={reachable ? 0 : -1}
      onClick={onFold}
    >
      <Icon icon={open ? ChevronDown : ChevronRight} size={14} />
      <span className="grow">{t('conversations.archived')}</span>
      <span className="num t3">{row.count}</span>
    </button>
  );
}

function useRows(unfolded: boolean): readonly (TalkRow | FoldRow)[] {
  const now = useNow();
  const conversations = useConversations((state) => state.conversations);
  return useMemo(() => {
    const listed = conversations.filter(({ archived_at }) => archived_at === null);
    const aside = conversations.filter(({ archived_at }) => archived_at !== null);
    const rows: (TalkRow | FoldRow)[] = [...grouped(listed, now, listed.length > 1)];
    if (aside.length > 0) rows.push({ id: 'archived', count: aside.length });
    return unfolded ? [...rows, ...grouped(aside, now, false)] : rows;
  }, [conversations, now, unfolded]);
}

/** The conversations in their order, with the name of each time above the first of it. */
function grouped(conversations: readonly Conversation[], now: number, named: boolean): readonly TalkRow[] {
  const rows: TalkRow[] = [];
  let before: TalkRow['group'] = null;
  for (const listed of inListOrder(conversations)) {
    const name = timeGroup(listed.newest_at, now);
    const begins = named && listed.depth === 0 && name !== before;
    if (listed.depth === 0) before = name;
    rows.push({ ...listed, id: listed.conversation.id, group: begins ? name : null });
  }
  return rows;
}
