import { CornerDownLeft, Square } from 'lucide-react';
import { useEffect, useRef, useState, type JSX, type KeyboardEvent } from 'react';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { useAgent, useConnection, useStores, useTalk } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Queue } from './queue.tsx';

/** Who a message is sent as. */
type Role = 'user' | 'system';

/** Where messages are written. Enter sends, or queues while an answer is written; Esc stops the answer. */
export function Composer(): JSX.Element {
  const stores = useStores();
  const [text, setText] = useState('');
  const [role, setRole] = useState<Role>('user');
  const box = useRef<HTMLTextAreaElement>(null);
  const busy = useTalk((state) => state.run?.state === 'running');
  const ready = useTalk((state) => state.conversation_id !== null);
  const error = useTalk((state) => state.send_error);
  const stop = (): void => attempt(stores, stores.talk.getState().stop);
  useEscape(busy, stop);
  useEffect(() => box.current?.focus(), []);
  const send = async (): Promise<void> => {
    const words = text.trim();
    if (words === '') return;
    setText('');
    const sent = await stores.talk.getState().send(words, role);
    // What was typed meanwhile stays behind the text that came back.
    if (!sent) setText((typed) => (typed === '' ? words : `${words}\n${typed}`));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    attempt(stores, send);
  };
  return (
    <div className="comp">
      <Queue />
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
        placeholder={usePlaceholder(role, busy)}
        disabled={!ready}
        value={text}
        onChange={(event) => setText(event.target.value)}
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
        {busy && (
          <Button onClick={stop}>
            <Icon icon={Square} size={12} />
            {t('composer.stop')} <kbd aria-hidden="true">{t('composer.escape')}</kbd>
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

function usePlaceholder(role: Role, busy: boolean): string {
  const name = useAgent()?.name ?? '';
  if (role === 'system') return t('composer.placeholderSystem', { name });
  return t(busy ? 'composer.placeholderBusy' : 'composer.placeholder', { name });
}

/** That a demo answers, or what the last answer cost. */
function Hint(): JSX.Element | null {
  const demo = useAgent()?.model_status.badge === 'offline_demo';
  const tokens = useTalk((state) => state.run?.usage.completion_tokens ?? 0);
  const silent = useConnection((state) => state.kind) === 'silent';
  if (silent) return <span className="t12 t3 cut ps-2">{t('top.reconnecting')}</span>;
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
      const covered = document.querySelector('[role="dialog"],[role="menu"]') !== null;
      if (event.key === 'Escape' && !event.defaultPrevented && !covered) latest.current();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [active]);
}
