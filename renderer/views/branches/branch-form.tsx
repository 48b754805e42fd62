import { useEffect, useRef, type FormEvent, type JSX, type KeyboardEvent } from 'react';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import type { BranchTask } from '../../state/branching.ts';
import { useBranching, useStores } from '../../state/stores.ts';
import { isText, useDraft } from '../../state/use-draft.ts';
import { Button } from '../../ui/button.tsx';
import { reveal } from '../chat/reveal.ts';
import { BranchEffects } from './branch-effects.tsx';
import { editPlace, sendBranch } from './branch-acts.ts';
import './branches.css';

/** The branch that is being prepared below a turn; `null` while none is. */
export function useBranchTask(turnId: string): BranchTask | null {
  return useBranching(({ task }) => (task?.turn_id === turnId ? task : null));
}

/** Id of what is asked below a turn, by which the talk can be brought to it. */
export function formId(turnId: string): string {
  return `ask-${turnId}`;
}

/** Props of {@link MessageEditor} and {@link AgainForm}. */
export type BranchFormProps = { readonly task: BranchTask };

/** A message of a person as a field: sent, it begins a branch beside the talk. Enter sends, Esc gives up. */
export function MessageEditor({ task }: BranchFormProps): JSX.Element {
  const stores = useStores();
  const draft = useDraft(editPlace(task.message.id), isText);
  const text = draft.value ?? task.message.text;
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => box.current?.focus({ preventScroll: true }), []);
  const cancel = (): void => {
    draft.drop();
    stores.branching.getState().cancel();
    document.querySelector<HTMLElement>('#composer')?.focus();
  };
  const send = (): void => {
    if (text.trim() !== '') attempt(stores, () => sendBranch(stores, text.trim()));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      // Esc at the page would stop the answer that is written.
      event.preventDefault();
      cancel();
    } else if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      send();
    }
  };
  return (
    <Form
      task={task}
      label={t('branch.edit')}
      act={t('branch.send')}
      blocked={text.trim() === ''}
      onSend={send}
      onCancel={cancel}
    >
      <textarea
        ref={box}
        className="field"
        aria-label={t('branch.edit')}
        dir="auto"
        value={text}
        onChange={({ target }) => draft.keep(target.value)}
        onKeyDown={onKeyDown}
      />
    </Form>
  );
}

/** Asks, before an answer is made anew, what becomes of the memory it changed. */
export function AgainForm({ task }: BranchFormProps): JSX.Element | null {
  const stores = useStores();
  const cancel = (): void => {
    stores.branching.getState().cancel();
    document.querySelector<HTMLElement>('#composer')?.focus();
  };
  // Where memory was not changed it is sent at once: nothing is asked.
  const asks = task.error !== null || task.effects?.some(({ state }) => state !== 'reverted') === true;
  if (!asks) return null;
  return (
    <Form
      task={task}
      label={t('branch.again')}
      act={t('branch.againAct')}
      blocked={false}
      onSend={() => attempt(stores, () => sendBranch(stores))}
      onCancel={cancel}
    />
  );
}

type FormProps = BranchFormProps & {
  readonly label: string;
  readonly act: string;
  readonly blocked: boolean;
  readonly onSend: () => void;
  readonly onCancel: () => void;
  readonly children?: JSX.Element;
};

function Form({ task, label, act, blocked, onSend, onCancel, children }: FormProps): JSX.Element {
  const form = useRef<HTMLFormElement>(null);
  const holdsField = children !== undefined;
  useEffect(() => {
    if (!holdsField)
      form.current?.querySelector<HTMLElement>('input, button')?.focus({ preventScroll: true });
  }, [holdsField]);
  const isKnown = task.effects !== null || task.error !== null;
  useEffect(() => {
    // What grew by what is asked stays in view, whatever the talk kept in its place before.
    if (isKnown && form.current !== null) reveal(form.current.id);
  }, [isKnown]);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onSend();
  };
  return (
    <form
      ref={form}
      id={formId(task.turn_id)}
      className="branch-form"
      aria-label={label}
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return;
        event.preventDefault();
        onCancel();
      }}
    >
      {children}
      <BranchEffects task={task} />
      {task.error !== null && (
        <p className="note danger wrap" role="alert">
          {t(task.effects === null ? 'branch.unknown' : 'branch.failed', { message: task.error.message })}
        </p>
      )}
      <div className="row branch-foot">
        <span className="grow t12 t3">{t('branch.stays')}</span>
        <Button onClick={onCancel}>{t('cancel')}</Button>
        <Button type="submit" kind="prim" disabled={blocked || task.sending}>
          {task.sending ? t('branch.sending') : act}
        </Button>
      </div>
    </form>
  );
}
