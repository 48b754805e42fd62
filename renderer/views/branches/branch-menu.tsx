import { ChevronDown, GitBranch } from 'lucide-react';
import { useMemo, type JSX } from 'react';
import { shortTime } from '../../messages/time.ts';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { inListOrder, lastAt, partingsOf } from '../../state/branches.ts';
import { openConversation } from '../../state/navigation.ts';
import { titleOf } from '../../state/removal.ts';
import { useConversations, useStores } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Menu } from '../../ui/menu.tsx';
import { useNow } from '../../ui/use-now.ts';

/** In the head of a talk that others part from: which branch is open, and all of them to choose from. */
export function BranchMenu(): JSX.Element | null {
  const stores = useStores();
  const now = useNow();
  const conversations = useConversations((state) => state.conversations);
  const selected = useConversations((state) => state.selected_id);
  const branches = useMemo(() => familyOf(conversations, selected), [conversations, selected]);
  const parting = useMemo(
    () => (selected === null ? null : (partingsOf(conversations, selected).at(-1) ?? null)),
    [conversations, selected],
  );
  if (parting === null) return null;
  const at = { place: parting.taken + 1, count: parting.ways.length };
  return (
    <Menu
      trigger={
        <Button kind="ghost" size="s" className="num" aria-label={t('branch.menu', at)}>
          <Icon icon={GitBranch} size={14} />
          <span className="hide-m">{t('branch.ofShort', at)}</span>
          <Icon icon={ChevronDown} size={12} className="hide-m" />
        </Button>
      }
      items={branches.map(({ conversation, depth }) => ({
        id: conversation.id,
        label: titleOf(conversation),
        hint: shortTime(lastAt(conversation), now),
        checked: conversation.id === selected,
        ...(depth === 0 ? {} : { icon: GitBranch }),
        onSelect: () => attempt(stores, () => openConversation(stores, conversation.id)),
      }))}
    />
  );
}

/** A conversation with all that hang together with it by branching, in the order of the list. */
function familyOf(
  conversations: Parameters<typeof inListOrder>[0],
  selected: string | null,
): ReturnType<typeof inListOrder> {
  const listed = inListOrder(conversations);
  const at = listed.findIndex(({ conversation }) => conversation.id === selected);
  if (at < 0) return [];
  const from = listed.findLastIndex(({ depth }, index) => index <= at && depth === 0);
  const next = listed.findIndex(({ depth }, index) => index > at && depth === 0);
  return listed.slice(from, next < 0 ? undefined : next);
}
