import { CircleAlert, TriangleAlert } from 'lucide-react';
import type { JSX } from 'react';
import type { ContextOverview, ContextPart } from '../../shared/contract/context.ts';
import { formatNumber, t } from '../messages/t.ts';
import { Icon } from './icon.tsx';

/** Props of {@link Meter}: `compact` leaves the numbers of the parts out. */
export type MeterProps = { readonly overview: ContextOverview; readonly compact?: boolean };

/** The colour of each part of the window, here and on its page. */
export const PART_COLOURS: Record<ContextPart['kind'], string> = {
  system: 'var(--p-system)',
  tools: 'var(--p-tools)',
  memory: 'var(--p-memory)',
  index: 'var(--p-ext)',
  summary: 'var(--p-summary)',
  messages: 'var(--p-messages)',
};

/**
 * What fills the window, in prompt order: a bar, the total above it, the parts below. Warns from 75 and 90 %; of more
 * than the window holds it says by how much, and what takes the most of it.
 */
export function Meter({ overview, compact = false }: MeterProps): JSX.Element {
  const percent = overview.window === 0 ? 0 : Math.round((overview.used / overview.window) * 100);
  const over = Math.max(0, overview.used - overview.window);
  const free = Math.max(0, overview.window - overview.used);
  const freeColour = percent >= 90 ? 'var(--danger)' : percent >= 75 ? 'var(--warn-bg)' : 'var(--p-free)';
  const used = formatNumber(overview.used);
  return (
    <div
      className="meter"
      role="meter"
      aria-label={t('meter.name')}
      aria-valuenow={Math.min(overview.used, overview.window)}
      aria-valuemin={0}
      aria-valuemax={overview.window}
      aria-valuetext={t('meter.text', { used, count: overview.window, percent })}
    >
      <div className="row">
        <MeterHead percent={percent} over={over} />
        <span className="num whitespace-nowrap">
          <b>{used}</b>{' '}
          <span className="t3">
            {t(percent < 75 ? 'meter.of' : 'meter.ofShort', { count: overview.window })}
          </span>
        </span>
      </div>
      <div
        className={`bar ${over > 0 ? 'over' : ''}`}
        style={compact && over === 0 ? { marginBottom: 0 } : undefined}
      >
        {overview.parts.map((part) => (
          <Piece key={part.kind} part={part} />
        ))}
        <i style={{ flex: free, background: freeColour }} />
      </div>
      {over > 0 && <Biggest parts={overview.parts} />}
      {!compact && <Legend parts={overview.parts} />}
    </div>
  );
}

function MeterHead({ percent, over }: { readonly percent: number; readonly over: number }): JSX.Element {
  if (percent < 75) return <span className="em">{t('meter.head')}</span>;
  const danger = percent >= 90;
  return (
    <span className={`row g1 em ${danger ? 'danger' : 'warn'}`}>
      <Icon icon={danger ? CircleAlert : TriangleAlert} size={14} />
      <span className="cut">
        {over > 0 ? t('meter.over', { count: over }) : t(danger ? 'meter.danger' : 'meter.warn', { percent })}
      </span>
    </span>
  );
}

/** What takes the most of a window that is too small, and so what to shorten. */
function Biggest({ parts }: { readonly parts: readonly ContextPart[] }): JSX.Element | null {
  const [biggest] = parts.toSorted((left, right) => right.tokens - left.tokens);
  if (biggest === undefined) return null;
  return (
    <p className="t12 danger biggest">
      {t('meter.biggest', { part: t(`meter.${biggest.kind}`), count: biggest.tokens })}
    </p>
  );
}

function Piece({ part }: { readonly part: ContextPart }): JSX.Element | null {
  if (part.tokens === 0) return null;
  const hatch = part.kind === 'tools';
  return (
    <i
      className={hatch ? 'hatch' : ''}
      style={{ flex: part.tokens, backgroundColor: PART_COLOURS[part.kind] }}
    />
  );
}

function Legend({ parts }: { readonly parts: readonly ContextPart[] }): JSX.Element {
  return (
    <div className="legend">
      {parts.map((part) => {
        const Name = part.kind === 'memory' ? 'b' : 'span';
        return (
          <div key={part.kind}>
            <i
              className={`sw ${part.kind === 'tools' ? 'hatch' : ''}`}
              style={{ backgroundColor: PART_COLOURS[part.kind] }}
            />
            <Name className="cut" title={t(`meter.${part.kind}`)}>
              {t(`meter.${part.kind}`)}
            </Name>
            <Name className="num">{formatNumber(part.tokens)}</Name>
          </div>
        );
      })}
    </div>
  );
}
