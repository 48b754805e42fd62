import { CircleAlert, TriangleAlert } from 'lucide-react';
import type { JSX } from 'react';
import type { ContextOverview, ContextPart } from '../../shared/contract/agents.ts';
import { formatNumber, t } from '../messages/t.ts';
import { Icon } from './icon.tsx';

/** Props of {@link Meter}: `compact` leaves the numbers of the parts out. */
export type MeterProps = { readonly overview: ContextOverview; readonly compact?: boolean };

const COLOURS: Record<ContextPart['kind'], string> = {
  system: 'var(--p-system)',
  tools: 'var(--p-tools)',
  memory: 'var(--p-memory)',
  index: 'var(--p-ext)',
  summary: 'var(--p-summary)',
  messages: 'var(--p-messages)',
};

/** What fills the window, in prompt order: a bar, the total above it, the parts below. Warns from 75 and 90 %. */
export function Meter({ overview, compact = false }: MeterProps): JSX.Element {
  const percent = overview.window === 0 ? 0 : Math.round((overview.used / overview.window) * 100);
  const free = Math.max(0, overview.window - overview.used);
  const freeColour = percent >= 90 ? 'var(--danger)' : percent >= 75 ? 'var(--warn-bg)' : 'var(--p-free)';
  const numbers = { used: formatNumber(overview.used), window: formatNumber(overview.window), percent };
  return (
    <section
      className="meter"
      role="meter"
      aria-label={t('meter.name')}
      aria-valuenow={overview.used}
      aria-valuemin={0}
      aria-valuemax={overview.window}
      aria-valuetext={t('meter.text', numbers)}
    >
      <div className="row">
        <MeterHead percent={percent} />
        <span className="grow" />
        <span className="num cut">
          <b>{numbers.used}</b> <span className="t3">{t('meter.of', { window: numbers.window })}</span>
        </span>
      </div>
      <div className="bar" style={compact ? { marginBottom: 0 } : undefined}>
        {overview.parts.map((part) => (
          <Piece key={part.kind} part={part} />
        ))}
        <i style={{ flex: free, background: freeColour }} />
      </div>
      {!compact && <Legend parts={overview.parts} />}
    </section>
  );
}

function MeterHead({ percent }: { readonly percent: number }): JSX.Element {
  if (percent < 75) return <span className="em">{t('meter.head')}</span>;
  const danger = percent >= 90;
  return (
    <span className={`row g1 em ${danger ? 'danger' : 'warn'}`}>
      <Icon icon={danger ? CircleAlert : TriangleAlert} size={14} />
      <span className="cut">{danger ? t('meter.danger', { percent }) : t('meter.warn', { percent })}</span>
    </span>
  );
}

function Piece({ part }: { readonly part: ContextPart }): JSX.Element | null {
  if (part.tokens === 0) return null;
  const hatch = part.kind === 'tools';
  return (
    <i className={hatch ? 'hatch' : ''} style={{ flex: part.tokens, backgroundColor: COLOURS[part.kind] }} />
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
              style={{ backgroundColor: COLOURS[part.kind] }}
            />
            <Name>{t(`meter.${part.kind}`)}</Name>
            <Name className="num">{formatNumber(part.tokens)}</Name>
          </div>
        );
      })}
    </div>
  );
}
