import { Activity, Archive, MessageCircle, Settings, type LucideIcon } from 'lucide-react';
import type { JSX } from 'react';
import { t } from '../../messages/t.ts';
import { Icon } from '../../ui/icon.tsx';
import { routeHref, type Route } from './route.ts';

/** The pages as icons at the start side of the window. */
export function Rail({ route }: { readonly route: Route }): JSX.Element {
  return (
    <nav className="rail" aria-label={t('nav.main')}>
      <RailLink to="chat" current={route} below="context" icon={MessageCircle} label={t('nav.chat')} />
      <RailLink to="archive" current={route} icon={Archive} label={t('nav.archive')} />
      <RailLink to="activity" current={route} icon={Activity} label={t('nav.activity')} />
      <span className="grow" />
      <RailLink to="settings" current={route} icon={Settings} label={t('nav.settings')} />
    </nav>
  );
}

type RailLinkProps = {
  readonly to: Route;
  readonly current: Route;
  /** A page of its own that belongs to it. */
  readonly below?: Route;
  readonly icon: LucideIcon;
  readonly label: string;
};

function RailLink({ to, current, below, icon, label }: RailLinkProps): JSX.Element {
  return (
    <a
      href={routeHref(to)}
      aria-label={label}
      title={label}
      aria-current={to === current ? 'page' : below === current ? 'true' : undefined}
      // Its address is the present one: going there again would only lengthen the way back.
      onClick={(event) => to === current && event.preventDefault()}
    >
      <Icon icon={icon} size={20} />
    </a>
  );
}
