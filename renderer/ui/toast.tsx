import { CircleAlert, Undo2, X } from 'lucide-react';
import { useEffect, useRef, useState, type FocusEvent, type JSX } from 'react';
import { t } from '../messages/t.ts';
import { Button } from './button.tsx';
import { IconButton } from './icon-button.tsx';
import { Icon } from './icon.tsx';

/** Seconds a toast stands. */
const SECONDS = 10;

/** Props of {@link ToastView}. */
export type ToastViewProps = {
  readonly text: string;
  readonly tone: 'plain' | 'danger';
  readonly action?: { readonly label: string; readonly run: () => void } | undefined;
  readonly onDismiss: () => void;
};

/**
 * One sentence at the foot of the window with the seconds left; they wait under the pointer and the focus. Mount it
 * anew (by key) for each toast.
 */
export function ToastView({ text, tone, action, onDismiss }: ToastViewProps): JSX.Element {
  const { left, hold } = useCountdown(onDismiss);
  const origin = useRef<Element | null>(null);
  const close = (): void => {
    onDismiss();
    if (origin.current instanceof HTMLElement) origin.current.focus();
  };
  const onFocus = (event: FocusEvent): void => {
    hold('focus', true);
    if (!event.currentTarget.contains(event.relatedTarget)) origin.current = event.relatedTarget;
  };
  return (
    <div
      className="toast"
      onPointerEnter={() => hold('pointer', true)}
      onPointerLeave={() => hold('pointer', false)}
      onFocus={onFocus}
      onBlur={() => hold('focus', false)}
    >
      {tone === 'danger' && <Icon icon={CircleAlert} className="danger" />}
      <span className="says">{text}</span>
      <span className="row">
        <span className="t12 t3 num" aria-hidden="true">
          {t('toast.seconds', { count: left })}
        </span>
        {action !== undefined && (
          <Button
            kind="ghost"
            size="s"
            className="acc"
            onClick={() => {
              action.run();
              close();
            }}
          >
            <Icon icon={Undo2} size={14} />
            {action.label}
          </Button>
        )}
        <IconButton icon={X} iconSize={14} label={t('close')} onClick={close} />
      </span>
    </div>
  );
}

/** What a countdown waits for. */
type Holder = 'pointer' | 'focus';

type Countdown = { readonly left: number; readonly hold: (holder: Holder, holds: boolean) => void };

/** Counts the seconds down while nothing holds it, then calls `onEnd` once. */
function useCountdown(onEnd: () => void): Countdown {
  const [left, setLeft] = useState(SECONDS);
  const [held, setHeld] = useState({ pointer: false, focus: false });
  const latest = useRef(onEnd);
  useEffect(() => {
    latest.current = onEnd;
  });
  useEffect(() => {
    if (held.pointer || held.focus) return undefined;
    const timer = setTimeout(() => (left <= 1 ? latest.current() : setLeft(left - 1)), 1000);
    return () => clearTimeout(timer);
  }, [left, held]);
  return { left, hold: (holder, holds) => setHeld((before) => ({ ...before, [holder]: holds })) };
}
