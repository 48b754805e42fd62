import { Ban, Check, ChevronDown, ChevronRight, CircleX, Hand, LoaderCircle } from 'lucide-react';
import { useState, type JSX } from 'react';
import type { Message, MessageToolCall, ToolCall } from '../../../shared/contract/conversations.ts';
import { t } from '../../messages/t.ts';
import { useTalk } from '../../state/stores.ts';
import { Icon } from '../../ui/icon.tsx';
import { TroubleLink } from '../troubles/trouble-link.tsx';
import { CodeBlock } from './code-block.tsx';

/**
 * Props of {@link ToolLine}: `result` is the stored answer, for calls of imported talks that have no life record;
 * `refused` says that it was asked for and not let run.
 */
export type ToolLineProps = {
  readonly call: MessageToolCall;
  readonly result: Message | null;
  readonly refused?: boolean;
};

type LineState = ToolCall['state'];

const SEARCHES: Readonly<Record<string, 'archive' | 'talk'>> = {
  archival_memory_search: 'archive',
  conversation_search: 'talk',
};

/** A tool call on one line; open, its request and its answer. */
export function ToolLine({ call, result, refused = false }: ToolLineProps): JSX.Element {
  const [open, setOpen] = useState(false);
  const life = useTalk((state) => state.tool_calls[call.tool_call_id]);
  const { state, result: answer } = life ?? storedLife(result);
  return (
    <div role="group" aria-label={t('tool.name', { name: call.name })}>
      <button type="button" className="step" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon icon={open ? ChevronDown : ChevronRight} size={14} />
        {refused ? (
          <Refused name={call.name} />
        ) : (
          <Told call={call} state={state} answer={answer} duration={durationOf(life)} />
        )}
      </button>
      {!refused && <LineTrouble state={state} />}
      {open && (
        <div className="calls">
          <CodeBlock sign="→" label={t('tool.request')} text={pretty(call.arguments)} />
          {answer !== null && <CodeBlock sign="←" label={t('tool.result')} text={pretty(answer)} />}
        </div>
      )}
    </div>
  );
}

/** How a call stands of which only the stored answer is known. */
function storedLife(result: Message | null): { readonly state: LineState; readonly result: string | null } {
  if (result === null) return { state: 'pending', result: null };
  return { state: result.tool_status === 'error' ? 'failed' : 'done', result: result.text };
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

/** A call that was asked for and not let run: no failure of the tool. */
function Refused({ name }: { readonly name: string }): JSX.Element {
  return (
    <>
      <span className="cut grow">
        <span className="em text-text">{name}</span> {t('tool.refused')}
      </span>
      <Mark icon={Ban} className="t3" label="" />
    </>
  );
}

function Told({ duration, ...words }: WordsProps & { readonly duration: string }): JSX.Element {
  return (
    <>
      <Words {...words} />
      <span className="grow" />
      <span className="t12 t3 num whitespace-nowrap">{duration}</span>
      <StateMark state={words.state} />
    </>
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
      {state === 'waiting' && t('tool.waiting')}
    </span>
  );
}

function StateMark({ state }: { readonly state: LineState }): JSX.Element {
  if (state === 'done') return <Mark icon={Check} className="ok" label={t('tool.done')} />;
  if (state === 'failed' || state === 'unknown') return <Mark icon={CircleX} className="danger" label="" />;
  if (state === 'waiting') return <Mark icon={Hand} className="acc" label={t('tool.pending')} />;
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
