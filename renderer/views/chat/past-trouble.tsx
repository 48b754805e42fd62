import { CircleAlert, CircleStop } from 'lucide-react';
import { useMemo, type JSX } from 'react';
import type { Message, Run } from '../../../shared/contract/conversations.ts';
import { t } from '../../messages/t.ts';
import { useTalk } from '../../state/stores.ts';
import { Icon } from '../../ui/icon.tsx';
import { FailedStepLink } from './failed-step-link.tsx';
import { rowOfError, TroubleLink } from '../troubles/trouble-link.tsx';

/** Runs before the newest that ended without their answer, by the id of the last message that belongs to them. */
export function usePastTroubles(): ReadonlyMap<string, Run> {
  const messages = useTalk((state) => state.messages);
  const troubled = useTalk((state) => state.troubled);
  const newest = useTalk((state) => state.run?.id ?? null);
  return useMemo(() => {
    const last = new Map(messages.map((message) => [message.run_id, message.id]));
    return new Map(
      Object.values(troubled).flatMap((run): [string, Run][] => {
        const at = last.get(run.id);
        return at === undefined || run.id === newest ? [] : [[at, run]];
      }),
    );
  }, [messages, troubled, newest]);
}

/** Props of {@link PastTrouble}: the messages that were said last in the run. */
export type PastTroubleProps = { readonly run: Run; readonly messages: readonly Message[] };

/** The quiet line under a message whose answer never came, or was cut, and why. */
export function PastTrouble({ run, messages }: PastTroubleProps): JSX.Element | null {
  const last = messages.at(-1);
  const answered = last?.role === 'assistant' || last?.role === 'tool';
  // What was stopped says so itself.
  if (run.state === 'cancelled' && last?.status === 'interrupted') return null;
  const words = t(answered ? 'run.past.cut' : 'run.past.unanswered', { reason: reasonOf(run) });
  return (
    <p className={`past-trouble ${answered ? '' : 'asked'}`} role="note" title={words}>
      <Icon
        icon={run.state === 'failed' ? CircleAlert : CircleStop}
        size={12}
        className={run.state === 'failed' ? 'danger' : 't3'}
      />
      <span className="wrap">{words}</span>
      <WayOut run={run} />
    </p>
  );
}

function WayOut({ run }: { readonly run: Run }): JSX.Element | null {
  if (run.state !== 'failed') return null;
  return (
    <>
      <TroubleLink row={rowOfError(run.error?.code)} /> <FailedStepLink run={run} />
    </>
  );
}

function reasonOf(run: Run): string {
  if (run.state === 'cancelled') return t('run.past.cancelled');
  if (run.state === 'interrupted') return t('run.past.interrupted');
  return run.error?.message ?? t('run.past.unknown');
}
