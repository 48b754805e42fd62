import { useState, type KeyboardEvent } from 'react';

/** What {@link useAnswerKeys} gives: for the fields of a form, and for the button that cancels it. */
export type AnswerKeys = {
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly cancel: () => void;
};

/**
 * Keys of a form that opened in a card: Ctrl or Cmd+Enter sends, Esc cancels. Whoever cancels has the focus again where
 * it was before the form took it: on the button that opened it, or the row of the list.
 */
export function useAnswerKeys(onAct: () => void, onCancel: () => void): AnswerKeys {
  const [opener] = useState(() => document.activeElement);
  const cancel = (): void => {
    onCancel();
    if (opener instanceof HTMLElement && opener !== document.body && opener.isConnected) opener.focus();
  };
  return {
    cancel,
    onKeyDown: (event) => {
      if (event.key === 'Escape') {
        event.preventDefault();
        event.stopPropagation();
        cancel();
      }
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        onAct();
      }
    },
  };
}
