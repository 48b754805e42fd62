import { useState } from 'react';

/**
 * Remembers what had the focus when something opened over the page, and gives the handler that brings it back there.
 * Of a menu that is gone by then it is the button the menu dropped from; of anything else that is gone, the composer.
 */
export function useReturnFocus(open: boolean): (event: Event) => void {
  const [was, setWas] = useState({ open: false, opener: null as HTMLElement | null });
  // While drawing, since the focus is inside of what opens before any effect runs.
  if (was.open !== open) setWas({ open, opener: open ? findOpener() : was.opener });
  return (event) => {
    event.preventDefault();
    const { opener } = was;
    const isThere = opener !== null && opener.isConnected && opener.checkVisibility();
    (isThere ? opener : document.querySelector<HTMLElement>('#composer'))?.focus();
  };
}

function findOpener(): HTMLElement | null {
  const active = document.activeElement;
  const trigger = active?.closest('[role="menu"]')?.getAttribute('aria-labelledby') ?? null;
  const opener = trigger === null ? active : document.getElementById(trigger);
  return opener instanceof HTMLElement && opener !== document.body ? opener : null;
}
