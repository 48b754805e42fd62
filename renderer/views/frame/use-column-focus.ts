import { useEffect, useRef } from 'react';
import { t } from '../../messages/t.ts';
import { usePreferences } from '../../state/stores.ts';

/**
 * Whoever hides a column with its button, or shows it again, finds the focus on the button that takes it back: the
 * pressed one has gone with the column.
 */
export function useColumnFocus(): void {
  const left = usePreferences((state) => state.left_open);
  const right = usePreferences((state) => state.right_open);
  const before = useRef({ left, right });
  useEffect(() => {
    const was = before.current;
    before.current = { left, right };
    if (was.left !== left) focusWhenLost(left ? t('frame.hideLeft') : t('chat.showLeft'));
    if (was.right !== right) focusWhenLost(right ? t('state.hide') : t('chat.showRight'));
  }, [left, right]);
}

function focusWhenLost(name: string): void {
  const active = document.activeElement;
  const held = active !== null && active !== document.body && active.checkVisibility();
  if (held) return;
  const buttons = [...document.querySelectorAll<HTMLElement>('button[aria-label]')];
  buttons.find((button) => button.ariaLabel === name && button.checkVisibility())?.focus();
}
