import { Upload } from 'lucide-react';
import { useState, type JSX } from 'react';
import type { Agent } from '../../../shared/contract/agents.ts';
import type { Block } from '../../../shared/contract/blocks.ts';
import { toWire } from '../../../shared/errors.ts';
import { t } from '../../messages/t.ts';
import { deleteAgent } from '../../state/removal.ts';
import { useAgents, useConversations, useMemory, useStores } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { SectionFrame } from './section-frame.tsx';

/** Props of {@link DeleteSection}. */
export type DeleteSectionProps = { readonly agent: Agent; readonly onExport: () => void };

/** Says what goes to the trash with an agent and what stays; deletes at once, since Undo brings it back. */
export function DeleteSection({ agent, onExport }: DeleteSectionProps): JSX.Element {
  const stores = useStores();
  const [failure, setFailure] = useState<string | null>(null);
  const remove = async (): Promise<void> => {
    try {
      await deleteAgent(stores, agent);
    } catch (error) {
      setFailure(t('settings.delete.failed', { name: agent.name, message: toWire(error).message }));
    }
  };
  return (
    <SectionFrame id="settings-delete" title={t('settings.delete')}>
      <Losses agent={agent} />
      {failure !== null && (
        <p className="note warn" role="alert">
          {failure}
        </p>
      )}
      <div className="row">
        <Button kind="danger" onClick={() => void remove()}>
          {t('settings.delete.act')}
        </Button>
        <Button kind="ghost" onClick={onExport}>
          <Icon icon={Upload} size={14} />
          {t('settings.delete.export')}
        </Button>
      </div>
    </SectionFrame>
  );
}

function Losses({ agent }: { readonly agent: Agent }): JSX.Element {
  const conversations = useConversations((state) => state.conversations);
  const entries = useMemory((state) => state.archive_total ?? 0);
  const blocks = useMemory((state) => state.blocks);
  const messages = conversations.reduce((sum, { message_count }) => sum + message_count, 0);
  const isShared = (block: Block): boolean => block.agent_ids.some((id) => id !== agent.id);
  const own = blocks.filter((block) => !isShared(block)).length;
  return (
    <div className="t2 num grid gap-1">
      <p>
        {t('settings.delete.counts', {
          conversations: t('settings.delete.conversations', { count: conversations.length }),
          messages: t('settings.delete.messages', { count: messages }),
          entries: t('settings.delete.entries', { count: entries }),
        })}
      </p>
      {own > 0 && <p>{t('settings.delete.own', { count: own })}</p>}
      {blocks.filter(isShared).map((block) => (
        <SharedBlock key={block.id} block={block} agentId={agent.id} />
      ))}
    </div>
  );
}

function SharedBlock({ block, agentId }: { readonly block: Block; readonly agentId: string }): JSX.Element {
  const agents = useAgents((state) => state.agents);
  const others = block.agent_ids.filter((id) => id !== agentId);
  const names = agents.filter(({ id }) => others.includes(id)).map(({ name }) => name);
  const users =
    names.length === others.length
      ? names.join(', ')
      : t('settings.delete.someone', { count: others.length });
  return <p>{t('settings.delete.shared', { label: block.label, agents: users })}</p>;
}
