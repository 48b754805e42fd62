import { Check, CircleAlert, FoldVertical, History, TriangleAlert } from 'lucide-react';
import { useEffect, useState, type JSX } from 'react';
import type { Agent } from '../../../shared/contract/agents.ts';
import type { OutputOf } from '../../../shared/contract/index.ts';
import { toWire, type WireError } from '../../../shared/errors.ts';
import { formatNumber, t } from '../../messages/t.ts';
import { useConversations, useStores } from '../../state/stores.ts';
import { Icon } from '../../ui/icon.tsx';
import './context.css';
import { FloorParts } from './floor-notice.tsx';

/** Props of {@link ModelCheck}: another model, or another limit of its window (`null`: all it holds). */
export type ModelCheckProps = {
  readonly agent: Agent;
  readonly model: string;
  readonly window_limit: number | null;
};

type Verdict = OutputOf<'agents.simulate'>;

/** How the open conversation would fare with another model or window, before anything is saved. */
export function ModelCheck(props: ModelCheckProps): JSX.Element {
  const { verdict, failure } = useVerdict(props);
  return (
    <div className="model-check" role="status" aria-label={t('context.check')}>
      {failure !== null ? (
        <Line icon={TriangleAlert} tone="warn" words={failure.message} />
      ) : verdict === null ? (
        <p className="t12 t3">{t('context.check.busy')}</p>
      ) : (
        <VerdictWords verdict={verdict} agent={props.agent} />
      )}
    </div>
  );
}

const ICONS = {
  fits: Check,
  compacts: FoldVertical,
  puts_back: History,
  floor: CircleAlert,
  too_large: CircleAlert,
} as const;

const TONES = {
  fits: 'ok',
  compacts: 'warn',
  puts_back: 'ok',
  floor: 'danger',
  too_large: 'danger',
} as const;

function VerdictWords({ verdict, agent }: { readonly verdict: Verdict; readonly agent: Agent }): JSX.Element {
  const { model, window, used, compaction, puts_back, problem, warning } = verdict;
  const kind = verdict.verdict;
  const percent = window === 0 ? 0 : Math.round((used / window) * 100);
  const size = t('context.check.size', { model, used: formatNumber(used), count: window, percent });
  const more =
    kind === 'compacts'
      ? t('context.check.compacts.what', {
          count: compaction?.messages ?? 0,
          tokens: compaction?.tokens_after ?? 0,
        })
      : kind === 'puts_back'
        ? t('context.check.puts_back.what', { count: puts_back })
        : null;
  return (
    <>
      <Line icon={ICONS[kind]} tone={TONES[kind]} words={t(`context.check.${kind}`)} />
      <p className="t12 t2 num">
        {size} {more}
      </p>
      {problem !== null && <p className="t12 wrap">{problem}</p>}
      {kind === 'floor' && <FloorParts agent={agent} parts={verdict.parts} />}
      {warning !== null && <Line icon={TriangleAlert} tone="warn" words={warning} />}
    </>
  );
}

type LineProps = {
  readonly icon: typeof Check;
  readonly tone: 'ok' | 'warn' | 'danger';
  readonly words: string;
};

function Line({ icon, tone, words }: LineProps): JSX.Element {
  return (
    <p className={`row g1 em ${tone}`}>
      <Icon icon={icon} size={14} />
      <span className="wrap">{words}</span>
    </p>
  );
}

/** A pause in typing after which the check is made, in ms. */
const PAUSE_MS = 250;

function useVerdict({ agent, model, window_limit }: ModelCheckProps): {
  readonly verdict: Verdict | null;
  readonly failure: WireError | null;
} {
  const { client } = useStores();
  const conversation_id = useConversations((state) =>
    state.agent_id === agent.id ? state.selected_id : null,
  );
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [failure, setFailure] = useState<WireError | null>(null);
  const { id: agent_id, version } = agent;
  useEffect(() => {
    let left = false;
    const read = async (): Promise<void> => {
      const place = { agent_id, ...(conversation_id === null ? {} : { conversation_id }) };
      try {
        const asked = { ...place, model, context_window_limit: window_limit };
        const told = await client.call('agents.simulate', asked);
        if (left) return;
        setVerdict(told);
        setFailure(null);
      } catch (error) {
        if (!left) setFailure(toWire(error));
      }
    };
    const timer = setTimeout(() => void read(), PAUSE_MS);
    return () => {
      left = true;
      clearTimeout(timer);
    };
    // Another version of the agent may have another prompt.
  }, [client, agent_id, version, conversation_id, model, window_limit]);
  return { verdict, failure };
}
