import { useId, useState, type JSX } from 'react';
import type { Agent } from '../../../shared/contract/agents.ts';
import { toWire } from '../../../shared/errors.ts';
import { t } from '../../messages/t.ts';
import { useConnection, useStores } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { ModelCheck } from './model-check.tsx';

/** Props of {@link ModelDialog}. */
export type ModelDialogProps = {
  readonly agent: Agent;
  /** The one to begin with; the agent's own unless told. */
  readonly model?: string;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
};

/** Checks how this conversation would fare with another model or window, and changes to it if it is wanted. */
export function ModelDialog({
  agent,
  model = agent.model,
  open,
  onOpenChange,
}: ModelDialogProps): JSX.Element {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={t('context.model')}
      description={t('context.model.what', { name: agent.name })}
      width={560}
    >
      <Choice agent={agent} first={model} onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

type ChoiceProps = { readonly agent: Agent; readonly first: string; readonly onDone: () => void };

function Choice({ agent, first, onDone }: ChoiceProps): JSX.Element {
  const stores = useStores();
  const list = useId();
  const models = useConnection((state) => state.models);
  const [model, setModel] = useState(first);
  const [typed, setTyped] = useState(agent.context_window_limit?.toString() ?? '');
  const [failure, setFailure] = useState<string | null>(null);
  const limit = typed.trim() === '' ? null : Number(typed);
  const is_handle = /^[^\s/]+\/\S+$/u.test(model);
  const is_limit = isLimit(limit);
  const is_other = model !== agent.model || limit !== agent.context_window_limit;
  const is_valid = is_handle && is_limit;
  const use = async (): Promise<void> => {
    try {
      const change = { agent_id: agent.id, base_version: agent.version, model, context_window_limit: limit };
      await stores.agents.getState().update(change);
      onDone();
    } catch (error) {
      setFailure(toWire(error).message);
    }
  };
  return (
    <div className="ctx-dialog">
      <TextField
        label={t('settings.model')}
        value={model}
        list={list}
        spellCheck={false}
        aria-invalid={!is_handle}
        onChange={(event) => setModel(event.target.value.trim())}
      />
      <datalist id={list}>
        {models.map(({ handle }) => (
          <option key={handle} value={handle} />
        ))}
      </datalist>
      <TextField
        label={t('settings.window')}
        type="number"
        inputMode="numeric"
        value={typed}
        aria-invalid={!is_limit}
        hint={<span className={is_limit ? '' : 'danger'}>{t('settings.window.hint')}</span>}
        onChange={(event) => setTyped(event.target.value)}
      />
      {is_valid && <ModelCheck agent={agent} model={model} window_limit={limit} />}
      {failure !== null && (
        <p className="note warn" role="alert">
          {failure}
        </p>
      )}
      <div className="row">
        <span className="grow" />
        <Button onClick={onDone}>{t('close')}</Button>
        <Button kind="prim" disabled={!is_valid || !is_other} onClick={() => void use()}>
          {t('context.model.use')}
        </Button>
      </div>
    </div>
  );
}

function isLimit(limit: number | null): boolean {
  return limit === null || (Number.isInteger(limit) && limit >= 1024 && limit <= 10_000_000);
}
