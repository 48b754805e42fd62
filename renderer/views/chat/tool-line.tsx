import { Check, ChevronDown, ChevronRight, CircleX, LoaderCircle } from 'lucide-react';
import { useState, type JSX } from 'react';
import type { Message, MessageToolCall, ToolCall } from '../../../shared/contract/conversations.ts';
import { t } from '../../messages/t.ts';
import { useTalk } from '../../state/stores.ts';
import { Icon } from '../../ui/icon.tsx';
import { TroubleLink } from '../troubles/trouble-link.tsx';
import { CodeBlock } from './code-block.tsx';

/** Props of {@link ToolLine}: `result` is the stored answer, for calls of imported talks that have no life record. */
export type ToolLineProps = { readonly call: MessageToolCall; readonly result: Message | null };

type LineState = ToolCall['state'];

const SEARCHES: Readonly<Record<string, 'archive' | 'talk'>> = {
  archival_memory_search: 'archive',
  conversation_search: 'talk',
};

/** A tool call on one line; open, its request and its answer. */
export function ToolLine({ call, result }: ToolLineProps): JSX.Element {
  const [open, setOpen] = useState(false);
  const life = useTalk((state) => state.tool_calls[call.tool_call_id]);
  const state =
    life?.state ?? (result === null ? 'pending' : result.tool_status === 'error' ? 'failed' : 'done');
  const answer = life?.result ?? result?.text ?? null;
  return (
    <div role="group" aria-label={t('tool.name', { name: call.name })}>
      <button type="button" className="step" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon icon={open ? ChevronDown : ChevronRight} size={14} />
        <Words call={call} state={state} answer={answer} />
        <span className="grow" />
        <span className="t12 t3 num whitespace-nowrap">{durationOf(life)}</span>
        <StateMark state={state} />
      </button>
      <LineTrouble state={state} />
      {open && (
        <div className="calls">
          <CodeBlock sign="→" label={t('tool.request')} text={pretty(call.arguments)} />
          {answer !== null && <CodeBlock sign="←" label={t('tool.result')} text={pretty(answer)} />}
        </div>
      )}
    </div>
  );
}

/** Below a call that failed: the way to what can be done. */
function LineTrouble({ state }: { readonly state: LineState }): JSX.Element | null {
  if (state !== 'failed') return null;
  return (
    <p className="line-trouble">
      <TroubleLink row="tool_failures" />
    </p>
  );
}

type WordsProps = {
  readonly call: MessageToolCall;
  readonly state: LineState;
  readonly answer: string | null;
};

function Words({ call, state, answer }: WordsProps): JSX.Element {
  const search = SEARCHES[call.name];
  const query = search === undefined ? null : queryOf(call.arguments);
  if (state === 'failed') {
    return (
      <span className="cut">
        <span className="em danger">{t('tool.failed', { name: call.name })}</span> {firstLine(answer ?? '')}
      </span>
    );
  }
  const running = state === 'running' || state === 'pending';
  const verb =
    search === undefined ? call.name : t(running ? `tool.searching.${search}` : `tool.search.${search}`);
  return (
    <span className="cut">
      <span className="em text-text">{verb}</span> {query !== null && t('tool.for', { query })}
      {state === 'unknown' && <span className="warn">{t('tool.unknown')}</span>}
    </span>
  );
}

function StateMark({ state }: { readonly state: LineState }): JSX.Element {
  if (state === 'done') return <Mark icon={Check} className="ok" label={t('tool.done')} />;
  if (state === 'failed' || state === 'unknown') return <Mark icon={CircleX} className="danger" label="" />;
  return <Mark icon={LoaderCircle} className="acc motion-safe:animate-spin" label={t('tool.running')} />;
}

function Mark({
  icon,
  className,
  label,
}: {
  icon: typeof Check;
  className: string;
  label: string;
}): JSX.Element {
  return (
    <>
      <Icon icon={icon} size={14} className={className} />
      <span className="sr">{label}</span>
    </>
  );
}

function durationOf(life: ToolCall | undefined): string {
  if (life === undefined || life.started_at === null || life.finished_at === null) return '';
  const ms = Date.parse(life.finished_at) - Date.parse(life.started_at);
  return ms < 1000 ? t('tool.ms', { count: ms }) : t('tool.seconds', { seconds: (ms / 1000).toFixed(1) });
}

function queryOf(text: string): string | null {
  const parsed = parse(text);
  const query = typeof parsed === 'object' && parsed !== null ? (parsed as { query?: unknown }).query : null;
  return typeof query === 'string' ? query : null;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

/** JSON with line breaks; any other text as it is. */
function pretty(text: string): string {
  const value = parse(text);
  return value === undefined || typeof value === 'string' ? text : JSON.stringify(value, null, 2);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Answers of tools are often plain text; arguments may be cut. Both are shown as they came.
    return undefined;
  }
}
