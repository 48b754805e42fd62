import { Check, CircleX } from 'lucide-react';
import { useState, type JSX, type ReactNode } from 'react';
import type { Activity } from '../../../shared/contract/activity.ts';
import { t } from '../../messages/t.ts';
import { Icon } from '../../ui/icon.tsx';
import { Segments } from '../../ui/segments.tsx';
import { CopyButton } from '../archive/copy-button.tsx';
import { sizeWords } from '../transfer/read-file.ts';
import { rowOfError, TroubleLink } from '../troubles/trouble-link.tsx';
import { JsonView } from './json-view.tsx';
import { RawLines } from './raw-lines.tsx';
import { StepExtras } from './step-extras.tsx';
import { secondsWords } from './step-words.ts';
import type { WholeStep } from './use-step.ts';
import { WhyNoTrace } from './why-no-trace.tsx';

/** Props of {@link StepDetail}. */
export type StepDetailProps = {
  readonly whole: WholeStep;
  readonly outcome: Extract<Activity, { kind: 'step' }>['outcome'];
};

/** The request of a step, its answer, and what was made of both. */
export function StepDetail({ whole, outcome }: StepDetailProps): JSX.Element {
  const { step, request } = whole;
  return (
    <div className="io">
      {step.error !== null && (
        <div className="note warn act-note" role="note">
          <Icon icon={CircleX} className="danger" />
          <div className="grow wrap">
            {step.error.message}
            {outcome !== null && <span className="block t12 t2">{t(`activity.outcome.${outcome}`)}</span>}
          </div>
          <TroubleLink row={rowOfError(step.error.code)} />
        </div>
      )}
      {request === null ? (
        <WhyNoTrace step={step} />
      ) : (
        <>
          <Caption
            title={t('activity.request')}
            words={t('activity.request.size', { model: step.model, size: sizeWords(bytesOf(request)) })}
          >
            <CopyButton text={request} label={t('activity.request.copy')} />
          </Caption>
          <div className="io-part request">
            <JsonView text={request} label={t('activity.request')} />
          </div>
          <Response whole={whole} />
        </>
      )}
      <StepExtras whole={whole} />
    </div>
  );
}

/** Props of {@link Caption}. */
export type CaptionProps = {
  readonly title: string;
  readonly words?: ReactNode;
  readonly children?: ReactNode;
};

/** The line above a text: what it is, facts of it, and what can be done with it. */
export function Caption({ title, words, children }: CaptionProps): JSX.Element {
  return (
    <div className="io-head">
      <h3>{title}</h3>
      <span className="t12 t3 num cut grow">{words}</span>
      {children}
    </div>
  );
}

function bytesOf(text: string): number {
  return new Blob([text]).size;
}

type Form = 'read' | 'raw';

function Response({ whole }: { readonly whole: WholeStep }): JSX.Element {
  const { step, response, answer } = whole;
  const [form, setForm] = useState<Form>('read');
  const { model_ms, first_token_ms } = step.timings;
  const failed = step.error !== null;
  const words = (
    <>
      <span className={`row g1 act-word ${failed ? 'danger' : 'ok'}`}>
        <Icon icon={failed ? CircleX : Check} size={12} />
        {t(failed ? 'activity.response.failed' : 'activity.response.whole')}
      </span>
      <span className="cut">
        {[
          model_ms === undefined ? null : secondsWords(model_ms),
          first_token_ms === undefined
            ? null
            : t('activity.response.first', { time: secondsWords(first_token_ms) }),
        ]
          .filter((part) => part !== null)
          .join(', ')}
      </span>
    </>
  );
  return (
    <>
      <Caption title={t('activity.response')} words={<span className="row">{words}</span>}>
        {response !== null && (
          <>
            <Segments
              label={t('activity.response.form')}
              value={form}
              options={[
                { value: 'read', label: t('activity.response.read') },
                { value: 'raw', label: t('activity.response.raw') },
              ]}
              onChange={setForm}
            />
            <CopyButton text={response} label={t('activity.response.copy')} />
          </>
        )}
      </Caption>
      <div className="io-part response">
        {response === null && <p className="act-line t2">{t('activity.response.none')}</p>}
        {response !== null && form === 'raw' && <RawLines text={response} label={t('activity.response')} />}
        {response !== null && form === 'read' && (
          <JsonView text={readable(step, answer, response)} label={t('activity.response')} />
        )}
      </div>
    </>
  );
}

/** The answer put together from its pieces; without one, what came. */
function readable(
  { stop_reason, usage }: WholeStep['step'],
  answer: WholeStep['answer'],
  response: string,
): string {
  if (answer === null) return response;
  const { text, reasoning, tool_calls } = answer;
  return JSON.stringify({
    ...(stop_reason === null ? {} : { stop_reason }),
    ...(reasoning === '' ? {} : { reasoning }),
    ...(text === '' ? {} : { text }),
    ...(tool_calls.length === 0
      ? {}
      : {
          tool_calls: tool_calls.map((call) => ({ name: call.name, arguments: argumentsOf(call.arguments) })),
        }),
    usage,
  });
}

function argumentsOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // What a model wrote may be no JSON; it is shown as it wrote it.
    return text;
  }
}
