import { useMemo, type JSX } from 'react';
import type { MemoryChange } from '../../../shared/contract/blocks.ts';
import { t, type MessageKey } from '../../messages/t.ts';
import { useAgent, useMemory } from '../../state/stores.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { DiffCounts } from '../../ui/diff.tsx';
import { Time } from '../../ui/time.tsx';
import { diffWords } from '../../ui/word-diff.ts';

/** Changes shown. */
const LAST = 8;

/** The last changes of the agent's memory, newest first. */
export function ChangeFeed(): JSX.Element | null {
  const changes = useMemory((state) => state.changes);
  const agentId = useMemory((state) => state.agent_id);
  const last = useMemo(
    () =>
      Object.values(changes)
        .filter((change) => change.agent_id === agentId || change.kind === 'block')
        .toSorted(
          (left, right) => right.created_at.localeCompare(left.created_at) || right.version - left.version,
        )
        .slice(0, LAST),
    [changes, agentId],
  );
  if (last.length === 0) return null;
  return (
    <>
      <div className="sect px">
        <span className="grow">{t('feed.title')}</span>
      </div>
      <ul className="feed" aria-label={t('feed.title')}>
        {last.map((change) => (
          <Row key={change.id} change={change} />
        ))}
      </ul>
    </>
  );
}

function authorOf(change: MemoryChange, agent: string): string {
  if (change.actor === 'agent') return agent;
  return change.actor === 'user' ? t('chat.you') : t('app');
}

function Row({ change }: { readonly change: MemoryChange }): JSX.Element {
  const agent = useAgent()?.name ?? '';
  const diff = useMemo(
    () => diffWords(change.before ?? '', change.after ?? ''),
    [change.before, change.after],
  );
  const passage = change.kind === 'passage';
  return (
    <li>
      <Avatar name={authorOf(change, agent)} kind={change.actor === 'user' ? 'person' : 'agent'} small />
      <span className="cut">
        <b>{change.undone_by === null ? labelOf(change) : <s>{labelOf(change)}</s>}</b>{' '}
        <span className="t2">{noteOf(change, diff.line)}</span>
      </span>
      <span className="row">
        {passage && change.before === null ? (
          <span className="pm">
            <span className="a">{t('change.entry', { count: 1 })}</span>
          </span>
        ) : (
          <DiffCounts diff={diff} />
        )}
        <Time at={change.created_at} className="t11 t3 num ago" />
      </span>
    </li>
  );
}

const WORDS: Record<MemoryChange['actor'], MessageKey | null> = {
  agent: null,
  user: 'feed.byYou',
  api: 'feed.byApi',
  import: 'feed.imported',
  system: 'feed.made',
};

function noteOf(change: MemoryChange, line: number): string {
  if (change.undone_by !== null) return t('feed.undone');
  const words = WORDS[change.actor];
  if (words !== null) return t(words);
  return change.kind === 'passage' ? change.label : t('feed.line', { line });
}

function labelOf(change: MemoryChange): string {
  return change.kind === 'passage' ? t('feed.archive') : change.label;
}
