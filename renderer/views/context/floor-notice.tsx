import { CircleAlert } from 'lucide-react';
import type { JSX } from 'react';
import type { Agent } from '../../../shared/contract/agents.ts';
import type { ContextPart } from '../../../shared/contract/context.ts';
import { formatNumber, t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { useStores } from '../../state/stores.ts';
import { Icon } from '../../ui/icon.tsx';
import { PART_COLOURS } from '../../ui/meter.tsx';
import { addressHref, routeHref } from '../frame/route.ts';
import { showBlocks } from '../state-pane/show-blocks.ts';

/** The parts that no compaction takes away, which a person can make smaller. */
const FIXED = ['system', 'tools', 'memory'] as const satisfies readonly ContextPart['kind'][];

/** Props of {@link FloorNotice}: `words` says what is wrong. Without `floor` the cures are told, but no breakdown. */
export type FloorNoticeProps = {
  readonly agent: Agent;
  readonly words: string;
  readonly parts: readonly Pick<ContextPart, 'kind' | 'tokens'>[];
  readonly floor: number;
  /** What the fixed part may take; unknown for another model. */
  readonly floor_limit: number | null;
};

/** Why a request can't be sent: what the fixed part of the prompt is made of, and where each part is made smaller. */
export function FloorNotice({ agent, words, parts, floor, floor_limit }: FloorNoticeProps): JSX.Element {
  const is_floor = floor_limit === null || floor > floor_limit;
  return (
    <div className="note ctx-note ctx-floor" role="alert">
      <Icon icon={CircleAlert} className="danger" />
      <div className="grow">
        <p className="wrap">{words}</p>
        {is_floor && <FloorParts agent={agent} parts={parts} />}
        {!is_floor && (
          <a className="link t12" href={settingsHref(agent, 'model')}>
            {t('context.fix.model')}
          </a>
        )}
      </div>
    </div>
  );
}

/** Props of {@link FloorParts}. */
export type FloorPartsProps = {
  readonly agent: Agent;
  readonly parts: readonly Pick<ContextPart, 'kind' | 'tokens'>[];
};

/** The fixed parts with their tokens, each with the place where it is made smaller, and the larger model. */
export function FloorParts({ agent, parts }: FloorPartsProps): JSX.Element {
  return (
    <ul className="floor-parts">
      {FIXED.map((kind) => (
        <li key={kind} className="row">
          <i
            className={`sw ${kind === 'tools' ? 'hatch' : ''}`}
            style={{ backgroundColor: PART_COLOURS[kind] }}
          />
          <span className="grow">{t(`context.part.${kind}`)}</span>
          <span className="num">{formatNumber(parts.find((each) => each.kind === kind)?.tokens ?? 0)}</span>
          <FixLink agent={agent} part={kind} />
        </li>
      ))}
      <li className="row">
        <span className="grow">{t('context.fix.window')}</span>
        <a className="link t12 fix" href={settingsHref(agent, 'model')}>
          {t('context.fix.model')}
        </a>
      </li>
    </ul>
  );
}

/** Props of {@link FixLink}. */
export type FixLinkProps = { readonly agent: Agent; readonly part: (typeof FIXED)[number] };

/** Leads to the place where a fixed part is changed. */
export function FixLink({ agent, part }: FixLinkProps): JSX.Element {
  const stores = useStores();
  if (part === 'memory') {
    return (
      <a
        className="link t12 fix"
        href={routeHref('chat')}
        onClick={(event) => {
          event.preventDefault();
          attempt(stores, () => showBlocks(stores));
        }}
      >
        {t('context.fix.memory')}
      </a>
    );
  }
  return (
    <a className="link t12 fix" href={settingsHref(agent, part)}>
      {t(`context.fix.${part}`)}
    </a>
  );
}

function settingsHref({ id: agent_id }: Agent, item_id: string): string {
  return addressHref({ page: 'settings', agent_id, item_id });
}
