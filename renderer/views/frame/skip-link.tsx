import type { JSX } from 'react';
import { t } from '../../messages/t.ts';
import { focusable, focusComposer } from './panes.ts';
import { routeHref, type Route } from './route.ts';

/** The first stop of the Tab key: leads over the bars and lists to the composer, or to the page without one. */
export function SkipLink({ route }: { readonly route: Route }): JSX.Element {
  return (
    <a
      className="skip"
      href={routeHref(route)}
      onClick={(event) => {
        event.preventDefault();
        if (focusComposer()) return;
        const page = document.querySelector('main');
        if (page !== null) focusable(page)[0]?.focus();
      }}
    >
      {t(route === 'chat' ? 'frame.skip.composer' : 'frame.skip.page')}
    </a>
  );
}
