import { Upload } from 'lucide-react';
import { useId, useState, type JSX } from 'react';
import type { Agent } from '../../../shared/contract/agents.ts';
import { toWire } from '../../../shared/errors.ts';
import { t } from '../../messages/t.ts';
import { useAgents, useStores } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
import { saveText } from './save-text.ts';
import './transfer.css';

/** Props of {@link ExportDialog}. Without an agent it is about the chosen one. */
export type ExportDialogProps = {
  readonly agentId?: string;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
};

/** Writes an agent into a file to keep or to take elsewhere. */
export function ExportDialog({ agentId, open, onOpenChange }: ExportDialogProps): JSX.Element | null {
  const agent = useAgents((state) => state.agents.find(({ id }) => id === (agentId ?? state.selected_id)));
  if (agent === undefined) return null;
  return <AgentExport key={agent.id} agent={agent} open={open} onOpenChange={onOpenChange} />;
}

type AgentExportProps = Omit<ExportDialogProps, 'agentId'> & { readonly agent: Agent };

function AgentExport({ agent, open, onOpenChange }: AgentExportProps): JSX.Element {
  const stores = useStores();
  const messages = useId();
  const [withMessages, setWithMessages] = useState(true);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const change = (wanted: boolean): void => {
    setFailure(null);
    onOpenChange(wanted);
  };
  const save = async (): Promise<void> => {
    setBusy(true);
    setFailure(null);
    try {
      const input = { agent_id: agent.id, scrub_messages: !withMessages };
      const { file_name, text } = await stores.client.call('agents.export', input);
      saveText(file_name, text, document);
      change(false);
      stores.toast.getState().show(t('export.done', { file: file_name }));
    } catch (error) {
      setFailure(t('export.failed', { message: toWire(error).message }));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open={open}
      onOpenChange={change}
      title={t('export.title', { name: agent.name })}
      description={t('export.what')}
      foot={
        <>
          <span className="grow t12 t2">{t('export.secrets')}</span>
          <Button size="l" onClick={() => change(false)}>
            {t('cancel')}
          </Button>
          <Button kind="prim" size="l" disabled={busy} onClick={() => void save()}>
            <Icon icon={Upload} size={14} />
            {busy ? t('export.busy') : t('export.act')}
          </Button>
        </>
      }
    >
      <div className="row strip export-messages">
        <input
          id={messages}
          type="checkbox"
          checked={withMessages}
          onChange={(event) => setWithMessages(event.target.checked)}
        />
        <label htmlFor={messages}>
          {t('export.messages')}
          <span className="t12 t2"> {t('export.messages.why')}</span>
        </label>
      </div>
      {failure !== null && (
        <p className="note warn" role="alert">
          {failure}
        </p>
      )}
    </Dialog>
  );
}
