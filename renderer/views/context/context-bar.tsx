import { Check, CircleAlert, Info, TriangleAlert } from 'lucide-react';
import type { CSSProperties, JSX } from 'react';
import type { Agent } from '../../../shared/contract/agents.ts';
import type { ContextOverview, RequestComparison } from '../../../shared/contract/context.ts';
import type { WireError } from '../../../shared/errors.ts';
import { formatNumber, t } from '../../messages/t.ts';
import { Icon } from '../../ui/icon.tsx';
import { PART_COLOURS } from '../../ui/meter.tsx';
import { layoutBar, type BarLayout, type BarPiece, type Stretch } from './bar-layout.ts';
import { BudgetNote } from './budget-note.tsx';
import { FloorNotice } from './floor-notice.tsx';
import { reportOf } from './part-rows.ts';

/** Props of {@link ContextBar}. */
export type ContextBarProps = {
  readonly agent: Agent;
  readonly overview: ContextOverview;
  readonly comparison: RequestComparison | null;
  /** Why the comparison could not be read. */
  readonly failure: WireError | null;
};

/** The total, the big bar in prompt order with its brackets, and what is wrong with it. */
export function ContextBar({ agent, overview, comparison, failure }: ContextBarProps): JSX.Element {
  const layout = layoutBar(overview, comparison);
  return (
    <section className="ctx" aria-label={t('context.bar')}>
      <div className="row num ctx-total">
        <Total overview={overview} />
        <span className="grow" />
        {failure !== null ? (
          <Said icon={CircleAlert} tone="danger" words={failure.message} />
        ) : (
          comparison !== null && <Reported agent={agent} comparison={comparison} />
        )}
      </div>
      <Bar layout={layout} overview={overview} />
      <BudgetNote agent={agent} />
      {overview.problem !== null && <FloorNotice agent={agent} {...overview} words={overview.problem} />}
    </section>
  );
}

function Total({ overview }: { readonly overview: ContextOverview }): JSX.Element {
  const { used, window, trigger } = overview;
  const percent = window === 0 ? 0 : Math.round((used / window) * 100);
  const tone = percent >= 90 ? 'danger' : percent >= 75 ? 'warn' : null;
  const words =
    used > window
      ? t('meter.over', { count: used - window })
      : used > trigger
        ? t('context.atTrigger')
        : t('context.filling');
  return (
    <>
      <span
        className="row"
        role="meter"
        aria-label={t('meter.name')}
        aria-valuenow={Math.min(used, window)}
        aria-valuemin={0}
        aria-valuemax={window}
        aria-valuetext={t('meter.text', { used: formatNumber(used), count: window, percent })}
      >
        <span className="ctx-used">{formatNumber(used)}</span>
        <span className="t2">{t('meter.of', { count: window })}</span>
        <span className="tag">{t('chat.percent', { percent })}</span>
      </span>
      {tone !== null && (
        <span className={`row g1 t12 em ${tone}`}>
          <Icon icon={tone === 'danger' ? CircleAlert : TriangleAlert} size={14} />
          {words}
        </span>
      )}
    </>
  );
}

type ReportedProps = { readonly agent: Agent; readonly comparison: RequestComparison };

function Reported({ agent, comparison }: ReportedProps): JSX.Element {
  const report = reportOf(comparison);
  if (agent.model_status.badge === 'prompt_cut') {
    return <Said icon={TriangleAlert} tone="warn" words={agent.model_status.message ?? ''} />;
  }
  if (report.kind === 'none') return <Said icon={Info} tone="t3" words={t('context.report.none')} />;
  if (report.kind === 'silent') return <Said icon={Info} tone="t3" words={t('context.report.silent')} />;
  const reported = formatNumber(report.reported);
  if (report.kind === 'short') {
    const words = t('context.report.short', { reported, count: comparison.last?.counted ?? 0 });
    return <Said icon={TriangleAlert} tone="warn" words={words} />;
  }
  return <Said icon={Check} tone="ok" words={t('context.report.close', { reported, count: report.apart })} />;
}

type SaidProps = {
  readonly icon: typeof Check;
  readonly tone: 'ok' | 'warn' | 'danger' | 't3';
  readonly words: string;
};

function Said({ icon, tone, words }: SaidProps): JSX.Element {
  return (
    <span className={`row g1 t12 said ${tone}`}>
      <Icon icon={icon} size={14} />
      <span className={tone === 'ok' ? 't2' : ''}>{words}</span>
    </span>
  );
}

type BarProps = { readonly layout: BarLayout; readonly overview: ContextOverview };

/** The picture of the table below it, which says the same in words. */
function Bar({ layout, overview }: BarProps): JSX.Element {
  const { kept, leaving, free, stacked, trigger, window_end, ticks } = layout;
  return (
    <div className={`big-bar ${stacked ? 'stacked' : ''}`} aria-hidden="true">
      <div className="big">
        {layout.pieces.map((piece) => (
          <Piece key={`${piece.kind}${String(piece.leaves)}`} piece={piece} layout={layout} />
        ))}
        {free.tokens > 0 && (
          <i className="free" style={stretch(free)}>
            <span className="label">{t('context.free', { count: free.tokens })}</span>
          </i>
        )}
        {kept !== null && (
          <Bracket at={kept} kind="kept" words={t('context.kept', { percent: kept.percent })} />
        )}
        {leaving !== null && <Bracket at={leaving} kind="dash" words={t('context.evicts')} />}
        {overview.used <= overview.window && (
          <Limit at={trigger} words={t('context.compactsAt', { count: overview.trigger })} />
        )}
        {window_end !== null && (
          <Limit is_end at={window_end} words={t('context.windowEnds', { count: overview.window })} />
        )}
      </div>
      <div className="ax">
        {ticks.map(({ at, tokens }) => (
          <span key={at} style={{ insetInlineStart: share(at) }}>
            {formatNumber(tokens)}
          </span>
        ))}
      </div>
    </div>
  );
}

function Piece({ piece, layout }: { readonly piece: BarPiece; readonly layout: BarLayout }): JSX.Element {
  const { kind, leaves, tokens } = piece;
  const name = t(`context.part.${kind}`);
  const hatched = kind === 'tools' || leaves;
  const words = leaves ? t('context.oldest', { count: layout.leaving?.messages ?? 0 }) : t(`meter.${kind}`);
  return (
    <i
      className={`${kind} ${leaves ? 'ghost' : kind === 'tools' ? 'hatch' : ''}`}
      title={t('context.piece', { part: leaves ? words : name, count: tokens })}
      style={{ ...stretch(piece), ...(leaves ? {} : { backgroundColor: PART_COLOURS[kind] }) }}
    >
      <span className={`label ${hatched ? 'on' : ''}`}>{words}</span>
    </i>
  );
}

type LimitProps = { readonly at: number; readonly words: string; readonly is_end?: boolean };

/** A dashed line with its words, which begin before it where there is no room behind it. */
function Limit({ at, words, is_end = false }: LimitProps): JSX.Element {
  const kind = is_end ? 'end' : '';
  return (
    <>
      <span className={`lim ${kind}`} style={{ insetInlineStart: share(at) }} />
      <span className={`lim-words ${kind}`}>
        <i style={{ flexBasis: share(at) }} />
        <b>{words}</b>
      </span>
    </>
  );
}

type BracketProps = { readonly at: Stretch; readonly kind: 'kept' | 'dash'; readonly words: string };

function Bracket({ at, kind, words }: BracketProps): JSX.Element {
  return (
    <span className={`brk ${kind}`} style={stretch(at)}>
      <b>{words}</b>
    </span>
  );
}

function stretch({ from, to }: Stretch): CSSProperties {
  return { insetInlineStart: share(from), width: `calc(${share(to - from)} - 2px)` };
}

function share(of: number): string {
  return `${(of * 100).toFixed(3)}%`;
}
