import { GitBranch } from 'lucide-react';
import { useEffect, useState, type JSX } from 'react';
import { t } from '../../messages/t.ts';
import { attempt, attemptQuietly } from '../../state/attempt.ts';
import { originOf, type Origin } from '../../state/branches.ts';
import { openConversation } from '../../state/navigation.ts';
import { titleOf } from '../../state/removal.ts';
import { useConversations, useStores } from '../../state/stores.ts';
import { Icon } from '../../ui/icon.tsx';
import { goToSeq } from './branch-acts.ts';
import './branches.css';

/** Over a branch: which talk it left, and at which words. */
export function BranchOrigin(): JSX.Element | null {
  const conversations = useConversations((state) => state.conversations);
  const selected = useConversations((state) => state.selected_id);
  const own = conversations.find(({ id }) => id === selected);
  const origin = own === undefined ? null : originOf(conversations, own);
  if (origin === null) return null;
  const parent = conversations.find(({ id }) => id === origin.parent_id);
  return (
    <div className="branch-origin t12 t2" role="note">
      <Icon icon={GitBranch} size={14} />
      {parent === undefined ? (
        <span className="cut">{t('branch.originGone')}</span>
      ) : (
        <OriginLink key={`${origin.parent_id} ${origin.after_seq}`} origin={origin} title={titleOf(parent)} />
      )}
    </div>
  );
}

function OriginLink({ origin, title }: { readonly origin: Origin; readonly title: string }): JSX.Element {
  const stores = useStores();
  const words = useWords(origin);
  const go = async (): Promise<void> => {
    await openConversation(stores, origin.parent_id);
    await goToSeq(stores, origin.after_seq + 1);
  };
  return (
    <span className="cut">
      {t('branch.origin')}{' '}
      <button type="button" className="link" dir="auto" onClick={() => attempt(stores, go)}>
        {title}
      </button>
      {words !== '' && <> {t('branch.originAt', { words })}</>}
    </span>
  );
}

/** What was said in the other talk where this one left it; empty until it is read. */
function useWords({ parent_id, after_seq }: Origin): string {
  const stores = useStores();
  const [words, setWords] = useState('');
  useEffect(() => {
    let left = false;
    const read = async (): Promise<void> => {
      const page = { conversation_id: parent_id, before_seq: after_seq + 2, limit: 1 };
      const { messages } = await stores.client.call('messages.list', page);
      if (!left) setWords(messages[0]?.text ?? '');
    };
    attemptQuietly(stores, read);
    return () => {
      left = true;
    };
  }, [stores, parent_id, after_seq]);
  return words;
}
