import { Activity, Archive, ClipboardCheck, MessageCircle, Settings, type LucideIcon } from 'lucide-react';
import type { JSX } from 'react';
import { t } from '../../messages/t.ts';
import { Icon } from '../../ui/icon.tsx';
import { useWaitingCount } from '../review/use-waiting-count.ts';
import { routeHref, type Route } from './route.ts';

/** The pages as icons at the start side of the window. */
export function Rail({ route }: { readonly route: Route }): JSX.Element {
  const waiting = useWaitingCount();
  return (
    <nav className="rail" aria-label={t('nav.main')}>
      <RailLink to="chat" current={route} below="context" icon={MessageCircle} label={t('nav.chat')} />
      <RailLink to="archive" current={route} icon={Archive} label={t('nav.archive')} />
      <RailLink to="activity" current={route} icon={Activity} label={t('nav.activity')} />
      <RailLink
        to="review"
        current={route}
        icon={ClipboardCheck}
        label={waiting === 0 ? t('nav.review') : t('nav.reviewCount', { count: waiting })}
        count={waiting}
      />
      <span className="grow" />
      <RailLink to="settings" current={route} icon={Settings} label={t('nav.settings')} />
    </nav>
  );
}

/** More than this has no room over an icon. */
const MOST_COUNTED = 99;

type RailLinkProps = {
  readonly to: Route;
  readonly current: Route;
  /** A page of its own that belongs to it. */
  readonly below?: Route;
  readonly icon: LucideIcon;
  readonly label: string;
  /** What waits there. */
  readonly count?: number;
};

function RailLink({ to, current, below, icon, label, count = 0 }: RailLinkProps): JSX.Element {
  return (
    <span className="counted">
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
      {count > 0 && (
        <span className="count" aria-hidden="true">
          {count > MOST_COUNTED ? `${MOST_COUNTED}+` : count}
        </span>
      )}
    </span>
  );
}
