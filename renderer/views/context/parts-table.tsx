import { Zap, ZapOff } from 'lucide-react';
import { useEffect, useState, type JSX } from 'react';
import type { ContextOverview, ContextPart } from '../../../shared/contract/context.ts';
import { exactTime, shortTime } from '../../messages/time.ts';
import { formatLocale, formatNumber, t } from '../../messages/t.ts';
import { attemptQuietly } from '../../state/attempt.ts';
import { useMemory, useStores, useTalk } from '../../state/stores.ts';
import { Icon } from '../../ui/icon.tsx';
import { PART_COLOURS } from '../../ui/meter.tsx';
import { useNow } from '../../ui/use-now.ts';
import { keptTokens, rowsOf, totalChange, type PartRow } from './part-rows.ts';
import type { ContextPaneProps } from './shown.ts';
import type { TalkPlaceName } from './use-context-page.ts';

/** The parts in prompt order: tokens, share, what changed, what a cache makes of it. Each shows its text beside. */
export function PartsTable(props: ContextPaneProps): JSX.Element {
  const { overview, comparison, shown, onShow, place } = props;
  const total = totalChange(overview);
  return (
    <table className="tbl ctx-table">
      <caption className="sr">{t('context.table')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('context.col.part')}</th>
          <th scope="col" className="r w-tokens">
            {t('context.col.tokens')}
          </th>
          <th scope="col" className="r w-share">
            {t('context.col.share')}
          </th>
          <th scope="col" className="r c-ch">
            {t('context.col.change')}
          </th>
          <th scope="col" className="w-cache">
            {t('context.col.cache')}
          </th>
        </tr>
      </thead>
      <tbody>
        {rowsOf(overview, comparison).map((row) => (
          <Part
            key={row.kind}
            row={row}
            props={props}
            chosen={shown.kind === 'part' && shown.part === row.kind}
            onShow={() => onShow({ kind: 'part', part: row.kind })}
          />
        ))}
        <Leaving overview={overview} place={place} />
      </tbody>
      <tfoot>
        <tr>
          <td className="em">{t('context.sent')}</td>
          <td className="r">
            <b>{formatNumber(overview.used)}</b>
          </td>
          <td className="r">{percent(100)}</td>
          <td className="r c-ch em">{total === null ? '' : signed(total)}</td>
          <td className="t2 num">
            {comparison === null || comparison.last === null
              ? ''
              : t('context.keptTokens', { count: keptTokens(comparison) })}
          </td>
        </tr>
      </tfoot>
    </table>
  );
}

type PartProps = {
  readonly row: PartRow;
  readonly props: ContextPaneProps;
  readonly chosen: boolean;
  readonly onShow: () => void;
};

function Part({ row, props, chosen, onShow }: PartProps): JSX.Element {
  const { kind, tokens, share, change } = row;
  const about = useAbout(kind, props);
  return (
    <tr className={chosen ? 'sel' : ''}>
      <td>
        <button type="button" className="ctx-part" aria-pressed={chosen} onClick={onShow}>
          <i
            className={`sw ${kind === 'tools' ? 'hatch' : ''}`}
            style={{ backgroundColor: PART_COLOURS[kind] }}
          />
          <span className="cut">
            <span className={chosen ? 'em' : ''}>{t(`context.part.${kind}`)}</span>{' '}
            <span className="t3">{about}</span>
          </span>
        </button>
      </td>
      <td className="r">{chosen ? <b>{formatNumber(tokens)}</b> : formatNumber(tokens)}</td>
      <td className="r">{percent(share)}</td>
      <td className={`r c-ch ${change === 0 ? 't3' : ''}`}>{change === null ? '' : signed(change)}</td>
      <td>
        <Cache state={row.cache} />
      </td>
    </tr>
  );
}

/** How many things a part holds. */
function useAbout(kind: ContextPart['kind'], { agent, overview }: ContextPaneProps): string {
  const blocks = useMemory((state) => state.blocks.length);
  const summary = useTalk((state) => state.summaries.find((each) => each.in_window));
  const seen = useTalk((state) => state.summaries.filter((each) => each.in_window).length);
  switch (kind) {
    case 'system':
      return '';
    case 'tools':
      return t('context.about.tools', { count: agent.tools.length });
    case 'memory':
      return t('context.about.memory', { count: blocks });
    case 'index':
      return t('context.about.index', {
        archived: overview.num_archival_memory,
        recalled: overview.num_recall_memory,
      });
    case 'summary':
      return summary === undefined
        ? ''
        : t('context.about.summary', { from: summary.covers_from_seq, to: summary.covers_to_seq });
    case 'messages':
      // Summaries are a part of their own here.
      return formatNumber(Math.max(0, overview.num_messages - seen));
  }
}

function Cache({ state }: { readonly state: PartRow['cache'] }): JSX.Element | null {
  if (state === null) return null;
  const words = t(`context.cache.${state}`);
  if (state === 'after_change') return <span className="t3">{words}</span>;
  const changed = state === 'changed';
  return (
    <span className={`row g1 ${changed ? 'warn' : 't2'}`} title={t(`context.cache.${state}.why`)}>
      <Icon icon={changed ? ZapOff : Zap} size={12} />
      {words}
    </span>
  );
}

type LeavingProps = { readonly overview: ContextOverview; readonly place: TalkPlaceName };

function Leaving({ overview, place }: LeavingProps): JSX.Element | null {
  const next = overview.next_compaction;
  const when = useWhen(place, next?.from_seq ?? null, next?.to_seq ?? null);
  const now = useNow();
  if (next === null || next.messages === 0) return null;
  const count = next.messages;
  const words = leavingWords(count, when, now);
  const title = when === null ? words : `${exactTime(when.from)} – ${exactTime(when.to)}`;
  return (
    <tr className="leaving">
      <td>
        <div className="row t2">
          <i className="sw ghost" />
          <span className="cut" title={title}>
            {words}
          </span>
        </div>
      </td>
      <td className="r t2">{t('change.minus', { count: next.message_tokens })}</td>
      <td className="r" />
      <td className="r c-ch" />
      <td />
    </tr>
  );
}

type When = { readonly from: string; readonly to: string };

function leavingWords(count: number, when: When | null, now: number): string {
  if (when === null) return t('context.leaves', { count });
  const [from, to] = [shortTime(when.from, now), shortTime(when.to, now)];
  return from === to
    ? t('context.leaves.at', { count, at: to })
    : t('context.leaves.when', { count, from, to });
}

/** When the first and the last of some messages were said; `null` until known. */
function useWhen(place: TalkPlaceName, from: number | null, to: number | null): When | null {
  const stores = useStores();
  const [known, setKnown] = useState<{ readonly of: string; readonly when: When | null } | null>(null);
  const { conversation_id } = place;
  const of = `${conversation_id} ${from} ${to}`;
  useEffect(() => {
    if (from === null || to === null) return undefined;
    let left = false;
    const timeOf = async (seq: number): Promise<string | null> => {
      const page = { conversation_id, before_seq: seq + 1, limit: 1 };
      return (await stores.client.call('messages.list', page)).messages[0]?.created_at ?? null;
    };
    attemptQuietly(stores, async () => {
      const [first, last] = await Promise.all([timeOf(from), timeOf(to)]);
      const when = first === null || last === null ? null : { from: first, to: last };
      if (!left) setKnown({ of, when });
    });
    return () => {
      left = true;
    };
  }, [stores, conversation_id, from, to, of]);
  return known?.of === of ? known.when : null;
}

function percent(value: number): string {
  const digits = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  return t('chat.percent', { percent: value.toLocaleString(formatLocale(), digits) });
}

function signed(value: number): string {
  if (value === 0) return '0';
  return value > 0 ? t('change.plus', { count: value }) : t('change.minus', { count: -value });
}
