import { CornerDownLeft, Square, TriangleAlert, Unplug } from 'lucide-react';
import { useEffect, useRef, useState, type JSX, type KeyboardEvent } from 'react';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { useAgent, useConnection, useStores, useTalk } from '../../state/stores.ts';
import { isAtWork } from '../../state/talk-events.ts';
import { bringBack, isText, messagePlace, useDraft } from '../../state/use-draft.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Queue } from './queue.tsx';

/** Who a message is sent as. */
type Role = 'user' | 'system';

/**
 * Where messages are written. Enter sends, or queues while an answer is written; Esc stops the answer. What was typed
 * waits in its conversation.
 */
export function Composer(): JSX.Element {
  const stores = useStores();
  const conversationId = useTalk((state) => state.conversation_id);
  const draft = useDraft(messagePlace(conversationId), isText);
  const text = draft.value ?? '';
  const [role, setRole] = useState<Role>('user');
  const box = useRef<HTMLTextAreaElement>(null);
  const busy = useTalk(({ run }) => run !== null && isAtWork(run));
  const runs = useTalk((state) => state.run?.state === 'running');
  const ready = conversationId !== null;
  const error = useTalk((state) => state.send_error);
  const silent = useConnection((state) => state.kind) === 'silent';
  const stop = (): void => attempt(stores, stores.talk.getState().stop);
  // What waits for a decision is not given up by a stray key.
  useEscape(runs, stop);
  useEffect(() => {
    if (!isCovered()) box.current?.focus();
  }, []);
  const send = async (): Promise<void> => {
    const words = text.trim();
    if (words === '') return;
    draft.drop();
    if (!(await stores.talk.getState().send(words, role))) bringBack(stores, conversationId, words);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    attempt(stores, send);
  };
  return (
    <div className="comp">
      <Queue />
      <Obstacle />
      {error !== null && (
        <p className="note danger" role="alert">
          {t('composer.failed', { message: error.message })}
        </p>
      )}
      <textarea
        ref={box}
        id="composer"
        className="in"
        rows={1}
        aria-label={t('composer.message')}
        placeholder={usePlaceholder(role)}
        disabled={!ready}
        value={text}
        onChange={({ target }) => (target.value === '' ? draft.drop() : draft.keep(target.value))}
        onKeyDown={onKeyDown}
      />
      <div className="bot">
        <Segments
          label={t('composer.as')}
          value={role}
          onChange={setRole}
          options={[
            { value: 'user', label: t('composer.user') },
            { value: 'system', label: t('composer.system') },
          ]}
        />
        <Hint />
        <span className="grow" />
        {busy && !silent && (
          <Button onClick={stop}>
            <Icon icon={Square} size={12} />
            {t('composer.stop')} {runs && <kbd aria-hidden="true">{t('composer.escape')}</kbd>}
          </Button>
        )}
        {(!busy || text.trim() !== '') && (
          <Button kind="prim" disabled={!ready || text.trim() === ''} onClick={() => attempt(stores, send)}>
            {t('composer.send')}
            <Icon icon={CornerDownLeft} size={14} />
          </Button>
        )}
      </div>
    </div>
  );
}

function usePlaceholder(role: Role): string {
  const name = useAgent()?.name ?? '';
  const state = useTalk(({ run }) => run?.state);
  if (role === 'system') return t('composer.placeholderSystem', { name });
  if (state === 'waiting') return t('composer.placeholderWaiting', { name });
  return t(state === 'running' ? 'composer.placeholderBusy' : 'composer.placeholder', { name });
}

/** What stands between the person and the model they chose: nobody answers at all, or the demo in its place. */
function Obstacle(): JSX.Element | null {
  const status = useAgent()?.model_status;
  const silent = useConnection((state) => state.kind) === 'silent';
  // That the demo answers by choice is said elsewhere; all else a model lacks is in the way.
  const lacks = status === undefined || status.badge === 'offline_demo' ? null : status.message;
  const words = silent ? t('composer.silent') : (lacks ?? '');
  if (words === '') return null;
  return (
    <p className="note warn t12" role="status">
      <Icon icon={silent ? Unplug : TriangleAlert} size={14} />
      <span className="grow wrap">{words}</span>
    </p>
  );
}

/** That a demo answers, or what the last answer cost. */
function Hint(): JSX.Element | null {
  const demo = useAgent()?.model_status.badge === 'offline_demo';
  const tokens = useTalk((state) => state.run?.usage.completion_tokens ?? 0);
  if (demo) return <span className="t12 t3 cut ps-2">{t('composer.demo')}</span>;
  return tokens === 0 ? null : (
    <span className="t12 t3 num cut ps-2 hide-m">{t('composer.tokens', { count: tokens })}</span>
  );
}

/** Esc stops the answer wherever the focus is, unless something open over the page takes it first. */
function useEscape(active: boolean, onEscape: () => void): void {
  const latest = useRef(onEscape);
  useEffect(() => {
    latest.current = onEscape;
  });
  useEffect(() => {
    if (!active) return undefined;
    const onKey = (event: globalThis.KeyboardEvent): void => {
      if (event.key === 'Escape' && !event.defaultPrevented && !isCovered()) latest.current();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [active]);
}

/** Whether a dialog or a menu is open over the page; taking its focus would close it. */
function isCovered(): boolean {
  return document.querySelector('[role="dialog"],[role="menu"]') !== null;
}
