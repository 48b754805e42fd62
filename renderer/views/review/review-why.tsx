import { CornerDownRight, ShieldAlert } from 'lucide-react';
import type { JSX } from 'react';
import type { Proposal } from '../../../shared/contract/approvals.ts';
import { t } from '../../messages/t.ts';
import { Icon } from '../../ui/icon.tsx';
import { MessageLink } from '../chat/change-why.tsx';

/** Props of {@link ReviewWhy}. */
export type ReviewWhyProps = {
  readonly agent: string;
  readonly reason: string | null;
  readonly trust: Proposal['trust'] | null;
  /** The message it came from. */
  readonly message_id: string | null;
  readonly conversation_id: string | null;
};

/** Why something is asked for, in the words of the agent, and the message it came from. Warns of what came from outside. */
export function ReviewWhy(props: ReviewWhyProps): JSX.Element | null {
  const { agent, reason, trust, message_id, conversation_id } = props;
  const isExternal = trust === 'tool_output_external';
  return (
    <>
      <div className="why">
        <Icon icon={CornerDownRight} size={14} />
        <span className="grow wrap">
          {reason === null ? (
            t('change.noReason', { name: agent })
          ) : (
            <>
              {t('change.reason', { name: agent })} <q>{reason}</q>
            </>
          )}{' '}
          {message_id !== null && (
            <MessageLink place={{ message_id, conversation_id }} words={t('block.goTo')} />
          )}
        </span>
      </div>
      {isExternal && (
        <div className="why warned">
          <Icon icon={ShieldAlert} size={14} className="warn" />
          <span className="grow wrap">{t('review.external')}</span>
        </div>
      )}
    </>
  );
}
