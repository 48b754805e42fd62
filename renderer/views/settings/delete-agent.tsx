import { Upload } from 'lucide-react';
import { useEffect, useState, type JSX } from 'react';
import type { Agent } from '../../../shared/contract/agents.ts';
import type { Block } from '../../../shared/contract/blocks.ts';
import type { Client } from '../../../shared/client.ts';
import { toWire } from '../../../shared/errors.ts';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { openAgent, reload } from '../../state/navigation.ts';
import { useAgents, useStores, type Stores } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
import { TextField } from '../../ui/text-field.tsx';

/** Props of {@link DeleteAgent}. */
export type DeleteAgentProps = {
  readonly agent: Agent;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onExport: () => void;
};

/** What goes to the trash with an agent. */
type Losses = { readonly blocks: readonly Block[]; readonly messages: number; readonly entries: number };

/** Asks before an agent is deleted: says what goes with it and what stays, and wants its name typed. */
export function DeleteAgent({ agent, open, onOpenChange, onExport }: DeleteAgentProps): JSX.Element {
  const stores = useStores();
  const [typed, setTyped] = useState('');
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const remove = async (): Promise<void> => {
    setBusy(true);
    try {
      await stores.agents.getState().remove(agent.id);
      offerUndo(stores, agent);
      onOpenChange(false);
      await reload(stores);
    } catch (error) {
      setFailure(t('settings.delete.failed', { name: agent.name, message: toWire(error).message }));
      setBusy(false);
    }
  };
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={t('settings.delete.title', { name: agent.name })}
      description={<LossWords agent={agent} open={open} />}
      foot={
        <>
          <Button kind="ghost" size="l" className="export-first" onClick={onExport}>
            <Icon icon={Upload} size={14} />
            {t('settings.delete.export')}
          </Button>
          <span className="grow" />
          <Button size="l" onClick={() => onOpenChange(false)}>
            {t('cancel')}
          </Button>
          <Button
            kind="danger"
            size="l"
            disabled={typed.trim() !== agent.name || busy}
            onClick={() => attempt(stores, remove)}
          >
            {t('settings.delete.act')}
          </Button>
        </>
      }
    >
      <TextField
        className="confirm"
        label={t('settings.delete.confirm', { name: agent.name })}
        autoComplete="off"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      {failure !== null && (
        <p className="note warn" role="alert">
          {failure}
        </p>
      )}
    </Dialog>
  );
}

function offerUndo(stores: Stores, agent: Agent): void {
  const restore = async (): Promise<void> => {
    await stores.agents.getState().restore(agent.id);
    await openAgent(stores, agent.id);
  };
  stores.toast.getState().show(t('settings.deleted', { name: agent.name }), {
    label: t('undo'),
    run: () => attempt(stores, restore),
  });
}

function LossWords({ agent, open }: Pick<DeleteAgentProps, 'agent' | 'open'>): JSX.Element {
  const { client } = useStores();
  const agents = useAgents((state) => state.agents);
  const [losses, setLosses] = useState<Losses | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    if (!open) return;
    countLosses(client, agent.id).then(setLosses, (error: unknown) =>
      setFailure(t('settings.delete.countFailed', { message: toWire(error).message })),
    );
  }, [client, agent.id, open]);
  if (failure !== null) return <p className="warn">{failure}</p>;
  if (losses === null) return <p>{t('settings.delete.counting')}</p>;
  const isShared = (block: Block): boolean => block.agent_ids.some((id) => id !== agent.id);
  const own = losses.blocks.filter((block) => !isShared(block)).length;
  const usersOf = (block: Block): string => {
    const others = block.agent_ids.filter((id) => id !== agent.id);
    const names = agents.filter(({ id }) => others.includes(id)).map(({ name }) => name);
    return names.length === others.length
      ? names.join(', ')
      : t('settings.delete.someone', { count: others.length });
  };
  return (
    <>
      <p className="num">
        {t('settings.delete.counts', {
          blocks: t('settings.delete.blocks', { count: own }),
          messages: t('settings.delete.messages', { count: losses.messages }),
          entries: t('settings.delete.entries', { count: losses.entries }),
        })}
      </p>
      {losses.blocks.filter(isShared).map((block) => (
        <p key={block.id}>{t('settings.delete.shared', { label: block.label, agents: usersOf(block) })}</p>
      ))}
    </>
  );
}

async function countLosses(client: Client, agent_id: string): Promise<Losses> {
  const [{ blocks }, { conversations }, { total }] = await Promise.all([
    client.call('blocks.list', { agent_id }),
    client.call('conversations.list', { agent_id }),
    client.call('archive.list', { agent_id, limit: 1 }),
  ]);
  const messages = conversations.reduce((sum, { message_count }) => sum + message_count, 0);
  return { blocks, messages, entries: total };
}
