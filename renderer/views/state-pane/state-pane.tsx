import { ChevronRight, PanelRight, Plus } from 'lucide-react';
import { useEffect, useState, type JSX } from 'react';
import { t } from '../../messages/t.ts';
import { useAgents, useMemory, usePreferences, useStores, useTalk } from '../../state/stores.ts';
import { ErrorBoundary } from '../../ui/error-boundary.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Meter, type MeterProps } from '../../ui/meter.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { TroubleLink } from '../troubles/trouble-link.tsx';
import { routeHref } from '../frame/route.ts';
import { TourNote } from '../welcome/tour.tsx';
import { AddBlock } from './add-block.tsx';
import { ArchivePeek } from './archive-peek.tsx';
import { BlockCard } from './block-card.tsx';
import { ChangeFeed } from './change-feed.tsx';
import { useCountUp } from './use-count-up.ts';

/** Number of blocks above which the later ones are folded to one line, and how many stay then. */
const FOLD_FROM = 8;
const SHOWN = 6;

/** From this share of the window on, the meter warns and what to do is at hand. */
const TIGHT_SHARE = 0.75;

/** Props of {@link StatePane}: `drawer` opens it over the page in narrow windows. */
export type StatePaneProps = { readonly drawer: boolean; readonly onHide: () => void };

/** What the agent holds in mind: how full its window is, its blocks, its archive, what changed last. */
export function StatePane({ drawer, onHide }: StatePaneProps): JSX.Element {
  const context = useAgents((state) => state.context);
  const agentId = useMemory((state) => state.agent_id);
  const silent = useTalk((state) => state.loaded && state.messages.length === 0);
  return (
    // The role is named for the sake of tests and tools that look for it: an aside inside other sectioning has none.
    <aside
      className="side rr"
      role="complementary"
      aria-label={t('state.title')}
      data-drawer={drawer ? 'open' : undefined}
    >
      <div className="head">
        <h2>{t('state.title')}</h2>
        <span className="grow" />
        <IconButton icon={PanelRight} label={t('state.hide')} onClick={onHide} />
      </div>
      <ErrorBoundary key={agentId}>
        <div className="scroll">
          {context !== null && <CountedMeter overview={context} compact={silent} />}
          <Tour step={3} />
          <Blocks />
          <ArchivePeek />
          <Tour step={4} />
          <ChangeFeed />
        </div>
      </ErrorBoundary>
    </aside>
  );
}

function Tour({ step }: { readonly step: number }): JSX.Element | null {
  const current = usePreferences((state) => state.tour_step);
  if (current !== step) return null;
  return (
    <div className="px py-3">
      <TourNote />
    </div>
  );
}

/** The meter with its total counting up to what the last change made of it. */
function CountedMeter({ overview, compact }: MeterProps): JSX.Element {
  const used = useCountUp(overview.used);
  const isTight = overview.window > 0 && overview.used / overview.window >= TIGHT_SHARE;
  return (
    <>
      <div className="meter-box">
        <Meter overview={{ ...overview, used }} compact={compact ?? false} />
        <a
          className="cover"
          href={routeHref('context')}
          aria-label={t('state.openContext')}
          title={t('state.openContext')}
        />
      </div>
      {isTight && (
        <p className="px">
          <TroubleLink row="context_exceeded" />
        </p>
      )}
    </>
  );
}

function Blocks(): JSX.Element {
  const loaded = useMemory((state) => state.loaded);
  const blocks = useMemory((state) => state.blocks);
  const [adding, setAdding] = useState(false);
  const [all, setAll] = useState(false);
  const kept = useOnceFresh();
  if (!loaded) return <Skeleton lines={4} />;
  const told = blocks.find((block) => block.label === 'human') ?? blocks[0];
  const folds = !all && blocks.length > FOLD_FROM;
  const rest = folds ? blocks.filter((block, at) => at >= SHOWN && !kept.has(block.id)) : [];
  return (
    <>
      {blocks
        .filter((block) => !rest.includes(block))
        .map((block) => (
          <BlockCard key={block.id} block={block} tour={block === told} />
        ))}
      {rest.length > 0 && (
        <button type="button" className="more px w-full" onClick={() => setAll(true)}>
          <Icon icon={ChevronRight} size={14} className="t3" />
          <span className="cut grow" dir="auto">
            {rest.map((block) => block.label).join(', ')}
          </span>
          <span className="t12 t3 num whitespace-nowrap">{t('block.rest', { count: rest.length })}</span>
        </button>
      )}
      <button type="button" className="more px w-full" onClick={() => setAdding(true)}>
        <Icon icon={Plus} size={14} className="t3" />
        <span className="cut">{t('block.add')}</span>
      </button>
      {adding && <AddBlock onClose={() => setAdding(false)} />}
    </>
  );
}

/** Blocks that held new words since the pane was opened: seen or not, their cards do not fold away again. */
function useOnceFresh(): ReadonlySet<string> {
  const { memory } = useStores();
  const [kept, setKept] = useState<ReadonlySet<string>>(new Set());
  useEffect(
    () =>
      memory.subscribe(({ fresh }) => {
        const ids = Object.keys(fresh);
        setKept((before) => (ids.every((id) => before.has(id)) ? before : new Set([...before, ...ids])));
      }),
    [memory],
  );
  return kept;
}
