import { CornerDownRight } from 'lucide-react';
import { useState, type JSX } from 'react';
import type { MemoryChange } from '../../../shared/contract/blocks.ts';
import type { MessageToolCall } from '../../../shared/contract/conversations.ts';
import { t } from '../../messages/t.ts';
import { useAgents, useTalk } from '../../state/stores.ts';
import { Icon } from '../../ui/icon.tsx';
import { CodeBlock } from './code-block.tsx';
import { showMessage } from './show-message.ts';

/** Props of {@link ChangeWhy}. */
export type ChangeWhyProps = { readonly change: MemoryChange; readonly call: MessageToolCall | null };

/** Why memory changed: the reason in the words of whoever made it, the message it came from, the call as JSON. */
export function ChangeWhy({ change, call }: ChangeWhyProps): JSX.Element {
  const [json, setJson] = useState(false);
  const name = useAgents((state) => state.agents.find((each) => each.id === change.agent_id)?.name ?? '');
  const result = useTalk((state) =>
    call === null ? null : (state.tool_calls[call.tool_call_id]?.result ?? null),
  );
  return (
    <>
      <div className="why">
        <Icon icon={CornerDownRight} size={14} />
        <span className="grow">
          {change.reason === null ? (
            t('change.noReason', { name })
          ) : (
            <>
              {t('change.reason', { name })} <q>{change.reason}</q>
            </>
          )}
          {change.message_id !== null && (
            <>
              {' '}
              {t('change.from')} <MessageLink messageId={change.message_id} words={t('change.yourMessage')} />
            </>
          )}
        </span>
        {call !== null && (
          <button type="button" className="link t12" aria-expanded={json} onClick={() => setJson(!json)}>
            {t('change.json')}
          </button>
        )}
      </div>
      {json && call !== null && (
        <div className="px-2 pb-2">
          <CodeBlock sign="→" label={t('tool.request')} text={`${call.name} ${call.arguments}`} />
          {result !== null && <CodeBlock sign="←" label={t('tool.result')} text={result} />}
        </div>
      )}
    </>
  );
}

/** Props of {@link MessageLink}. */
export type MessageLinkProps = { readonly messageId: string; readonly words: string };

/** Goes to a message of the talk and marks it for a moment. */
export function MessageLink({ messageId, words }: MessageLinkProps): JSX.Element {
  return (
    <a
      href={`#${messageId}`}
      className="whitespace-nowrap"
      onClick={(event) => {
        event.preventDefault();
        showMessage(messageId);
      }}
    >
      {words}
    </a>
  );
}
