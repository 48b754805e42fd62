import { ChevronDown, ChevronRight } from 'lucide-react';
import { useState, type JSX, type ReactNode } from 'react';
import type { ToolCall } from '../../../shared/contract/conversations.ts';
import { formatNumber, t } from '../../messages/t.ts';
import { Icon } from '../../ui/icon.tsx';
import { CodeBlock } from '../chat/code-block.tsx';
import { prettyJson } from './json-tree.ts';
import type { WholeStep } from './use-step.ts';

/** Below the answer, folded: the calls of tools with their results, and what the request was made of. */
export function StepExtras({ whole }: { readonly whole: WholeStep }): JSX.Element {
  const { tool_calls, step } = whole;
  return (
    <>
      {tool_calls.length > 0 && (
        <Extra
          title={t('activity.calls', { count: tool_calls.length })}
          words={tool_calls.map(({ name }) => name).join(', ')}
        >
          {tool_calls.map((call) => (
            <Call key={call.tool_call_id} call={call} />
          ))}
        </Extra>
      )}
      {step.parts.length > 0 && (
        <Extra
          title={t('activity.parts')}
          words={step.repairs.length === 0 ? '' : t('activity.repairs', { count: step.repairs.length })}
        >
          <Parts whole={whole} />
        </Extra>
      )}
    </>
  );
}

type ExtraProps = { readonly title: string; readonly words: string; readonly children: ReactNode };

function Extra({ title, words, children }: ExtraProps): JSX.Element {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" className="io-head act-extra" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon icon={open ? ChevronDown : ChevronRight} size={14} />
        <span className="act-extra-title">{title}</span>
        <span className="t12 t3 cut grow">{words}</span>
      </button>
      {open && <div className="io-extra">{children}</div>}
    </>
  );
}

function Call({ call }: { readonly call: ToolCall }): JSX.Element {
  const took =
    call.started_at === null || call.finished_at === null
      ? null
      : Date.parse(call.finished_at) - Date.parse(call.started_at);
  return (
    <div role="group" aria-label={t('tool.name', { name: call.name })} className="act-call">
      <div className="row t12">
        <span className="em cut">{call.name}</span>
        <span className={call.state === 'failed' ? 'danger' : 't3'}>{t(`activity.call.${call.state}`)}</span>
        <span className="grow" />
        {took !== null && <span className="t3 num">{t('tool.ms', { count: took })}</span>}
      </div>
      <CodeBlock sign="→" label={t('tool.request')} text={prettyJson(call.arguments)} />
      {call.result !== null && <CodeBlock sign="←" label={t('tool.result')} text={prettyJson(call.result)} />}
    </div>
  );
}

function Parts({ whole }: { readonly whole: WholeStep }): JSX.Element {
  const { parts, repairs } = whole.step;
  const all = parts.reduce((sum, { tokens }) => sum + tokens, 0);
  return (
    <>
      <table className="tbl act-parts">
        <thead>
          <tr>
            <th>{t('activity.part')}</th>
            <th className="r">{t('activity.part.tokens')}</th>
            <th className="r">{t('activity.part.share')}</th>
          </tr>
        </thead>
        <tbody>
          {parts.map(({ kind, tokens }) => (
            <tr key={kind}>
              <td>{t(`meter.${kind}`)}</td>
              <td className="r">{formatNumber(tokens)}</td>
              <td className="r">
                {t('chat.percent', { percent: all === 0 ? 0 : Math.round((tokens / all) * 100) })}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {repairs.length > 0 && (
        <div className="act-call">
          <p className="t12 t3">{t('activity.repairs.why')}</p>
          <ul className="t12">
            {[...new Set(repairs)].map((repair) => (
              <li key={repair} className="mono wrap">
                {repair}
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}
