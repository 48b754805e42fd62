import { CircleX, Equal, EqualNot } from 'lucide-react';
import { useMemo, type JSX } from 'react';
import type { Replay } from '../../../shared/contract/steps.ts';
import { formatNumber, t } from '../../messages/t.ts';
import { DiffWords } from '../../ui/diff.tsx';
import { Icon } from '../../ui/icon.tsx';
import { diffWords, type DiffRow } from '../../ui/word-diff.ts';
import { CopyButton } from '../archive/copy-button.tsx';
import { prettyJson } from './json-tree.ts';
import { secondsWords } from './step-words.ts';
import type { WholeStep } from './use-step.ts';

/** Props of {@link ReplayResult}. */
export type ReplayResultProps = { readonly whole: WholeStep; readonly replay: Replay };

type Answer = NonNullable<Replay['answer']>;

/** The answer of a replay beside the recorded one: words and calls of tools, with what differs marked. */
export function ReplayResult({ whole, replay }: ReplayResultProps): JSX.Element {
  return (
    <section className="replay-result" aria-label={t('activity.replay.result')}>
      <p className="row t12">
        <Icon icon={replay.is_exact ? Equal : EqualNot} size={14} className="t3" />
        <span className="grow wrap t2">
          {t(replay.is_exact ? 'activity.replay.isExact' : 'activity.replay.isOther')}
        </span>
        <CopyButton text={replay.request} label={t('activity.request.copy')} />
      </p>
      {replay.error !== null && (
        <div className="note warn" role="alert">
          <Icon icon={CircleX} className="danger" />
          <span className="grow wrap">{replay.error.message}</span>
        </div>
      )}
      {replay.answer !== null && <Beside recorded={whole.answer} answer={replay.answer} />}
      <div className="replay-cost t12 t3 num">
        <span>{costWords(whole.step.usage, whole.step.timings)}</span>
        <span>{costWords(replay.usage, replay.timings)}</span>
      </div>
    </section>
  );
}

function costWords(usage: Replay['usage'], timings: Replay['timings']): string {
  const tokens =
    usage === null
      ? null
      : t('activity.tokens', {
          input: formatNumber(usage.prompt_tokens),
          output: formatNumber(usage.completion_tokens),
        });
  const took = timings['model_ms'];
  return [tokens, took === undefined ? null : secondsWords(took)].filter((part) => part !== null).join(', ');
}

function Beside({
  recorded,
  answer,
}: {
  readonly recorded: Answer | null;
  readonly answer: Answer;
}): JSX.Element {
  const [before, after] = [textOf(recorded), textOf(answer)];
  const rows = useMemo(() => diffWords(before, after).rows, [before, after]);
  return (
    <div className="replay-beside">
      <Side title={t('activity.replay.before')} rows={rows.filter(({ kind }) => kind !== 'add')} />
      <Side
        title={t(before === after ? 'activity.replay.afterSame' : 'activity.replay.after')}
        rows={rows.filter(({ kind }) => kind !== 'del')}
      />
    </div>
  );
}

/** What was said, then each call with its arguments. */
function textOf(answer: Answer | null): string {
  if (answer === null) return '';
  const calls = answer.tool_calls.map((call) => `${call.name} ${prettyJson(call.arguments)}`);
  return [answer.text, ...calls].filter((part) => part !== '').join('\n\n');
}

function Side({ title, rows }: { readonly title: string; readonly rows: readonly DiffRow[] }): JSX.Element {
  return (
    <div role="group" aria-label={title}>
      <h3>{title}</h3>
      <div className="dl side">
        {rows.length === 0 && <p className="t3">{t('activity.replay.nothing')}</p>}
        {rows.map((row) => (
          <div key={row.number} className={row.kind === 'same' ? '' : row.kind} dir="auto">
            {row.kind === 'same' ? (row.segments[0]?.text ?? '') : <DiffWords row={row} />}
          </div>
        ))}
      </div>
    </div>
  );
}
