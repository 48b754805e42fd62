import type { JSX } from 'react';
import type { Replay } from '../../../shared/contract/steps.ts';
import { t } from '../../messages/t.ts';
import { Time } from '../../ui/time.tsx';

/** Props of {@link ReplayList}. */
export type ReplayListProps = {
  readonly replays: readonly Replay[];
  readonly shown: string | null;
  readonly onShow: (id: string) => void;
};

/** The replays a step keeps, the newest first. */
export function ReplayList({ replays, shown, onShow }: ReplayListProps): JSX.Element | null {
  if (replays.length === 0) return null;
  return (
    <>
      <h3 className="sect">{t('activity.replays', { count: replays.length })}</h3>
      <ul aria-label={t('activity.replays', { count: replays.length })} className="replays">
        {replays.toReversed().map((replay) => (
          <li key={replay.id}>
            <button
              type="button"
              className={`item ${replay.id === shown ? 'sel' : ''}`}
              aria-pressed={replay.id === shown}
              onClick={() => onShow(replay.id)}
            >
              <span className="cut em">{replay.model}</span>
              <span className={`cut grow t12 ${replay.error === null ? 't2' : 'danger'}`}>
                {replayWords(replay)}
              </span>
              <Time at={replay.created_at} />
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** With what a replay was asked. */
export function replayWords({ error, edits, is_exact }: Replay): string {
  if (error !== null) return t('activity.replay.failed');
  if (edits.system !== undefined) return t('activity.replay.with.system');
  if (edits.blocks !== undefined) {
    return t('activity.replay.with.memory', { labels: Object.keys(edits.blocks).join(', ') });
  }
  return t(is_exact ? 'activity.replay.exact' : 'activity.replay.asRecorded');
}
