import { Bot, MessageSquare, Trash2 } from 'lucide-react';
import { useCallback, useEffect, useState, type JSX, type ReactNode } from 'react';
import type { Agent, TrashedAgent } from '../../../shared/contract/agents.ts';
import type { TrashedConversation } from '../../../shared/contract/branches.ts';
import { toWire } from '../../../shared/errors.ts';
import { relativeTime } from '../../messages/time.ts';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { openAgent, openConversation } from '../../state/navigation.ts';
import { titleOf } from '../../state/removal.ts';
import { useStores } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { useNow } from '../../ui/use-now.ts';

/** Props of {@link TrashDialog}: whose conversations are told beside the agents. */
export type TrashDialogProps = { readonly agent: Agent; readonly onClose: () => void };

/** What was deleted, the last first, and the way back. */
export function TrashDialog({ agent, onClose }: TrashDialogProps): JSX.Element {
  const stores = useStores();
  const { trash, problem } = useTrash(agent.id);
  const restoreConversation = (conversation: TrashedConversation): void => {
    onClose();
    attempt(stores, async () => {
      const restored = await stores.conversations.getState().restore(conversation.id);
      await openConversation(stores, restored.id);
      stores.toast.getState().show(t('trash.restored', { name: titleOf(restored) }));
    });
  };
  const restoreAgent = ({ id, name }: TrashedAgent): void => {
    onClose();
    attempt(stores, async () => {
      await stores.agents.getState().restore(id);
      await openAgent(stores, id);
      stores.toast.getState().show(t('trash.restored', { name }));
    });
  };
  const empty = trash !== null && trash.conversations.length + trash.agents.length === 0;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('trash.title')}
      description={t('trash.what')}
      width={560}
      foot={
        <>
          <span className="grow" />
          <Button size="l" onClick={onClose}>
            {t('close')}
          </Button>
        </>
      }
    >
      {trash === null && problem === null && <Skeleton lines={3} />}
      {problem !== null && (
        <p className="note danger wrap" role="alert">
          {t('trash.failed', { message: problem })}
        </p>
      )}
      {empty && <Empty icon={Trash2} fact={t('trash.none')} why={t('trash.noneWhy')} />}
      {trash !== null && trash.conversations.length > 0 && (
        <Section title={t('trash.conversations', { name: agent.name })}>
          {trash.conversations.map((each) => (
            <Row
              key={each.id}
              icon={MessageSquare}
              name={titleOf(each)}
              count={each.message_count}
              deleted_at={each.deleted_at}
              onRestore={() => restoreConversation(each)}
            />
          ))}
        </Section>
      )}
      {trash !== null && trash.agents.length > 0 && (
        <Section title={t('trash.agents')}>
          {trash.agents.map((each) => (
            <Row
              key={each.id}
              icon={Bot}
              name={each.name}
              count={null}
              deleted_at={each.deleted_at}
              onRestore={() => restoreAgent(each)}
            />
          ))}
        </Section>
      )}
    </Dialog>
  );
}

type Trash = {
  readonly conversations: readonly TrashedConversation[];
  readonly agents: readonly TrashedAgent[];
};

function useTrash(agentId: string): { readonly trash: Trash | null; readonly problem: string | null } {
  const stores = useStores();
  const [trash, setTrash] = useState<Trash | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const read = useCallback(async (): Promise<Trash> => {
    const [{ conversations }, { agents }] = await Promise.all([
      stores.client.call('conversations.trash', { agent_id: agentId }),
      stores.client.call('agents.trash', {}),
    ]);
    return { conversations, agents };
  }, [stores, agentId]);
  useEffect(() => {
    let left = false;
    read().then(
      (found) => !left && setTrash(found),
      (error: unknown) => !left && setProblem(toWire(error).message),
    );
    return () => {
      left = true;
    };
  }, [read]);
  return { trash, problem };
}

type SectionProps = { readonly title: string; readonly children: ReactNode };

function Section({ title, children }: SectionProps): JSX.Element {
  return (
    <>
      <h3 className="t12 t3 trash-head">{title}</h3>
      <ul className="trash" aria-label={title}>
        {children}
      </ul>
    </>
  );
}

type RowProps = {
  readonly icon: typeof Bot;
  readonly name: string;
  /** Messages; `null` where they are not counted. */
  readonly count: number | null;
  readonly deleted_at: string;
  readonly onRestore: () => void;
};

function Row({ icon, name, count, deleted_at, onRestore }: RowProps): JSX.Element {
  const now = useNow();
  const facts = [
    ...(count === null ? [] : [t('trash.messages', { count })]),
    t('trash.deleted', { when: relativeTime(deleted_at, now) }),
  ];
  return (
    <li className="row">
      <Icon icon={icon} size={14} />
      <span className="grow cut" dir="auto" title={name}>
        {name}
      </span>
      <span className="t12 t3 num whitespace-nowrap">{facts.join(', ')}</span>
      <Button size="s" aria-label={t('trash.restoreName', { name })} onClick={onRestore}>
        {t('trash.restore')}
      </Button>
    </li>
  );
}
