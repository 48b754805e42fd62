import { useMemo, type JSX } from 'react';
import type { MemoryChange } from '../../../shared/contract/blocks.ts';
import { t, type MessageKey } from '../../messages/t.ts';
import { useAgents } from '../../state/stores.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { DiffCounts, DiffWords } from '../../ui/diff.tsx';
import { Time } from '../../ui/time.tsx';
import { diffWords, type WordDiff } from '../../ui/word-diff.ts';

/** Props of {@link HistoryRow}: `current` marks the version that stands now. */
export type HistoryRowProps = {
  readonly change: MemoryChange;
  readonly chosen: boolean;
  readonly current: boolean;
  readonly onChoose: () => void;
};

/** One version in two lines: who did what and how much of it, and the words it changed. */
export function HistoryRow({ change, chosen, current, onChoose }: HistoryRowProps): JSX.Element {
  const who = useAuthor(change);
  const diff = useMemo(
    () => diffWords(change.before ?? '', change.after ?? ''),
    [change.before, change.after],
  );
  const act = t(ACTS[change.operation]);
  return (
    <li>
      <button
        type="button"
        className={`item past ${chosen ? 'sel' : ''}`}
        aria-pressed={chosen}
        onClick={onChoose}
      >
        <Avatar name={who} kind={change.actor === 'user' ? 'person' : 'agent'} small />
        <span className="row">
          <span className="cut">
            <span className="em">{who}</span>{' '}
            <span className="t2">{change.undone_by === null ? act : <s>{act}</s>}</span>
          </span>
          {current && <span className="tag line">{t('history.now')}</span>}
          {change.undone_by !== null && <span className="t12 t3">{t('history.undone')}</span>}
        </span>
        {diff.plus > 0 || diff.minus > 0 ? <DiffCounts diff={diff} /> : <span />}
        <Time at={change.created_at} className="t11 t3 num ago" />
        <span className="gist t12 t2 cut">
          <Preview change={change} diff={diff} />
        </span>
      </button>
    </li>
  );
}

const ACTS: Record<MemoryChange['operation'], MessageKey> = {
  create: 'history.act.create',
  append: 'history.act.append',
  insert: 'history.act.append',
  replace: 'history.act.edit',
  edit: 'history.act.edit',
  rethink: 'history.act.rethink',
  settings: 'history.act.settings',
  restore: 'history.act.restore',
  undo: 'history.act.undo',
  delete: 'history.act.delete',
  import: 'history.act.import',
};

/** Authors that are neither the person nor an agent. */
const OTHERS = {
  api: 'history.who.api',
  import: 'history.who.import',
  system: 'app',
} as const satisfies Record<string, MessageKey>;

function useAuthor({ actor, agent_id }: MemoryChange): string {
  const agent = useAgents((state) => state.agents.find(({ id }) => id === agent_id)?.name);
  if (actor === 'user') return t('chat.you');
  return actor === 'agent' ? (agent ?? t('history.who.agent')) : t(OTHERS[actor]);
}

/** The first line that changed; of settings, which one; of a text that came or went whole, its first words. */
function Preview({ change, diff }: { readonly change: MemoryChange; readonly diff: WordDiff }): JSX.Element {
  const changed = diff.rows.filter(({ segments }) =>
    segments.some((segment) => segment.changed && segment.text.trim() !== ''),
  );
  const row = changed.find(({ kind }) => kind === 'add') ?? changed[0];
  if (row !== undefined) return <DiffWords row={row} />;
  return <>{change.reason ?? t(change.after === '' ? 'block.empty' : 'change.same')}</>;
}
