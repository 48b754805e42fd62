import { CornerDownRight } from 'lucide-react';
import { useState, type JSX, type ReactNode } from 'react';
import type { MemoryChange } from '../../../shared/contract/blocks.ts';
import type { Message, MessageToolCall } from '../../../shared/contract/conversations.ts';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { useAgents, useStores, useTalk } from '../../state/stores.ts';
import { Icon } from '../../ui/icon.tsx';
import { CodeBlock } from './code-block.tsx';
import { goToMessage, goToStep, type MessagePlace } from './show-message.ts';

/** Props of {@link ChangeWhy}. */
export type ChangeWhyProps = { readonly change: MemoryChange; readonly call: MessageToolCall | null };

/** Why memory changed: the reason in the words of whoever made it, the message it came from, its step, its JSON. */
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
        <span className="grow wrap">
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
              {t('change.from')}{' '}
              <MessageLink
                place={{ message_id: change.message_id, conversation_id: change.conversation_id }}
                words={t('change.yourMessage')}
              />
            </>
          )}
        </span>
        {call !== null && (
          <button type="button" className="link t12" aria-expanded={json} onClick={() => setJson(!json)}>
            {t('change.json')}
          </button>
        )}
        <StepLink change={change} />
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
export type MessageLinkProps = { readonly place: MessagePlace; readonly words: ReactNode };

/** Goes to a message of the talk and marks it for a moment. */
export function MessageLink({ place, words }: MessageLinkProps): JSX.Element {
  const stores = useStores();
  return (
    <a
      href={`#${place.message_id}`}
      className="whitespace-nowrap"
      onClick={(event) => {
        event.preventDefault();
        attempt(stores, () => goToMessage(stores, place));
      }}
    >
      {words}
    </a>
  );
}

/** Goes to the step that made a change, where its request and answer stand in full. */
function StepLink({ change }: { readonly change: MemoryChange }): JSX.Element | null {
  const stores = useStores();
  const messages = useTalk((state) => state.messages);
  const message = messages.find((each) => each.role === 'assistant' && each.step_id === change.step_id);
  if (change.step_id === null || message === undefined) return null;
  const place = { message_id: message.id, conversation_id: message.conversation_id };
  return (
    <a
      href={`#${message.id}`}
      className="link t12 whitespace-nowrap"
      onClick={(event) => {
        event.preventDefault();
        attempt(stores, () => goToStep(stores, place));
      }}
    >
      {t('change.step', { step: numberOf(message, messages) })}
    </a>
  );
}

/** Which step of its answer a message is, from 1. */
function numberOf(message: Message, messages: readonly Message[]): number {
  const steps = messages.filter((each) => each.run_id === message.run_id && each.role === 'assistant');
  return steps.indexOf(message) + 1;
}
