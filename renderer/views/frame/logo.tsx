import type { JSX } from 'react';
import { t } from '../../messages/t.ts';

/** The mark of Memoir: an open book with one marked word. */
export function Logo(): JSX.Element {
  return (
    <span className="logo" title={t('app')}>
      <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
        <path
          d="M3 4.2c2.6-.7 5-.4 7 1.1 2-1.5 4.4-1.8 7-1.1v11.6c-2.6-.7-5-.4-7 1.1-2-1.5-4.4-1.8-7-1.1z"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.5"
          strokeLinejoin="round"
        />
        <path
          d="M12.6 8.3c.9-.3 1.5-.4 2.2-.4"
          stroke="var(--accent)"
          strokeWidth="1.8"
          strokeLinecap="round"
        />
      </svg>
    </span>
  );
}
