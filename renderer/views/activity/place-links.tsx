import type { JSX } from 'react';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { useStores } from '../../state/stores.ts';
import { addressHref, routeHref } from '../frame/route.ts';
import { goToTalk } from './go-to-talk.ts';

/** Props of {@link TalkLink}: the link is left out when the message is not known. */
export type TalkLinkProps = {
  readonly conversation_id: string | null;
  readonly message_id: string | null;
  readonly words: string;
};

/** Shows a message in its talk. */
export function TalkLink({ conversation_id, message_id, words }: TalkLinkProps): JSX.Element | null {
  const stores = useStores();
  if (conversation_id === null || message_id === null) return null;
  return (
    <a
      className="link"
      href={routeHref('chat')}
      onClick={(event) => {
        event.preventDefault();
        attempt(stores, () => goToTalk(stores, { conversation_id, message_id }));
      }}
    >
      {words}
    </a>
  );
}

/** Props of {@link StepLink}. */
export type StepLinkProps = { readonly step_id: string | null; readonly words?: string };

/** Opens a step here; left out when there is none. */
export function StepLink({ step_id, words }: StepLinkProps): JSX.Element | null {
  if (step_id === null) return null;
  return (
    <a className="link" href={addressHref({ page: 'activity', agent_id: null, item_id: step_id })}>
      {words ?? t('activity.openStep')}
    </a>
  );
}
