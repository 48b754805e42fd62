import { useEffect, useState, type FormEvent, type JSX } from 'react';
import type { Agent } from '../../../shared/contract/agents.ts';
import { toWire } from '../../../shared/errors.ts';
import { t } from '../../messages/t.ts';
import type { ForkTask } from '../../state/branching.ts';
import { openAgent, openConversation } from '../../state/navigation.ts';
import { useAgent, useAgents, useBranching, useStores } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { ForkMemory, type ForkPreview } from './fork-memory.tsx';
import './branches.css';

/** Asks for the name of a new agent that is made from a message on, and says what it will remember. */
export function ForkDialog(): JSX.Element | null {
  const agent = useAgent();
  const task = useBranching((state) => state.fork);
  if (task === null || agent === null) return null;
  return <Fork key={`${task.conversation_id} ${task.message_id}`} agent={agent} task={task} />;
}

type ForkProps = { readonly agent: Agent; readonly task: ForkTask };

/** Characters the name of an agent may have. */
const LONGEST_NAME = 100;

function Fork({ agent, task }: ForkProps): JSX.Element {
  const stores = useStores();
  const names = useAgents((state) => state.agents);
  const [name, setName] = useState(() => freeName(agent.name, names));
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const { preview, problem } = usePreview(task);
  const close = (): void => {
    // What is being made can not be unmade by looking away.
    if (!busy) stores.branching.getState().askFork(null);
  };
  const make = async (): Promise<void> => {
    setBusy(true);
    setFailure(null);
    try {
      const made = await stores.client.call('conversations.fork', { ...inputOf(task), name: name.trim() });
      stores.branching.getState().askFork(null);
      stores.agents.getState().put(made.agent);
      await openAgent(stores, made.agent.id);
      await openConversation(stores, made.conversation.id);
      stores.toast.getState().show(t('fork.done', { name: made.agent.name }));
    } catch (error) {
      setBusy(false);
      setFailure(t('fork.failed', { message: toWire(error).message }));
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (name.trim() !== '' && !busy) void make();
  };
  const what = task.message_id === null ? 'fork.whatNow' : 'fork.what';
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && close()}
      title={t('fork.title')}
      description={preview === null ? undefined : t(what, { name: agent.name, count: preview.message_count })}
      width={560}
      foot={
        <>
          <span className="grow" />
          <Button size="l" disabled={busy} onClick={close}>
            {t('cancel')}
          </Button>
          <Button kind="prim" size="l" type="submit" form="fork-form" disabled={busy || name.trim() === ''}>
            {t(busy ? 'fork.busy' : 'fork.act')}
          </Button>
        </>
      }
    >
      <form id="fork-form" className="fork" onSubmit={submit}>
        <TextField
          label={t('fork.name')}
          value={name}
          maxLength={LONGEST_NAME}
          dir="auto"
          disabled={busy}
          onChange={({ target }) => setName(target.value)}
        />
        {preview !== null && <ForkMemory preview={preview} />}
        {preview === null && problem === null && (
          <p className="t12 t3" role="status">
            {t('fork.looking')}
          </p>
        )}
        {problem !== null && <p className="note warn wrap">{t('fork.unknown', { message: problem })}</p>}
        {failure !== null && (
          <p className="note danger wrap" role="alert">
            {failure}
          </p>
        )}
      </form>
    </Dialog>
  );
}

function inputOf({ conversation_id, message_id }: ForkTask): {
  readonly conversation_id: string;
  readonly message_id?: string;
} {
  return message_id === null ? { conversation_id } : { conversation_id, message_id };
}

function usePreview(task: ForkTask): {
  readonly preview: ForkPreview | null;
  readonly problem: string | null;
} {
  const stores = useStores();
  const [known, setKnown] = useState<{ preview: ForkPreview | null; problem: string | null }>({
    preview: null,
    problem: null,
  });
  useEffect(() => {
    let left = false;
    const settle = (found: typeof known): void => {
      if (!left) setKnown(found);
    };
    stores.client.call('conversations.fork_preview', inputOf(task)).then(
      (preview) => settle({ preview, problem: null }),
      (error: unknown) => settle({ preview: null, problem: toWire(error).message }),
    );
    return () => {
      left = true;
    };
  }, [stores, task]);
  return known;
}

/** The name with the first number that no agent has. */
function freeName(name: string, agents: readonly Agent[]): string {
  let count = 2;
  while (agents.some((agent) => agent.name === `${name} ${count}`)) count += 1;
  return `${name} ${count}`;
}
