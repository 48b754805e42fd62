import { CircleAlert, Undo2, X } from 'lucide-react';
import { useEffect, useState, type JSX } from 'react';
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

/** One sentence at the foot of the window with the seconds left. Mount it anew (by key) for each toast. */
export function ToastView({ text, tone, action, onDismiss }: ToastViewProps): JSX.Element {
  const [left, setLeft] = useState(SECONDS);
  useEffect(() => {
    const timer = setTimeout(() => (left <= 1 ? onDismiss() : setLeft(left - 1)), 1000);
    return () => clearTimeout(timer);
  }, [left, onDismiss]);
  return (
    <div className="toast">
      {tone === 'danger' && <Icon icon={CircleAlert} className="danger" />}
      <span className="cut">{text}</span>
      <span className="row">
        {action !== undefined && (
          <>
            <span className="t12 t3 num" aria-hidden="true">
              {t('toast.seconds', { count: left })}
            </span>
            <Button
              kind="ghost"
              size="s"
              className="acc"
              onClick={() => {
                action.run();
                onDismiss();
              }}
            >
              <Icon icon={Undo2} size={14} />
              {action.label}
            </Button>
          </>
        )}
        <IconButton icon={X} iconSize={14} label={t('close')} onClick={onDismiss} />
      </span>
    </div>
  );
}
