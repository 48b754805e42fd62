import { useMemo, type JSX } from 'react';
import type { MemoryChange } from '../../../shared/contract/blocks.ts';
import { t, type MessageKey } from '../../messages/t.ts';
import { useAgents, useMemory } from '../../state/stores.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { DiffCounts } from '../../ui/diff.tsx';
import { Time } from '../../ui/time.tsx';
import { diffWords } from '../../ui/word-diff.ts';
import { MessageLink } from '../chat/change-why.tsx';
import { useLastChanges } from './use-last-changes.ts';

/** Changes shown. */
const LAST = 8;

/** The last changes of the agent's memory, newest first: what was done, by whom, and how many words it moved. */
export function ChangeFeed(): JSX.Element | null {
  const agentId = useMemory((state) => state.agent_id);
  const last = useLastChanges(agentId, LAST);
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
  // A shared block may have been changed by another agent.
  const agent = useAgents((state) => state.agents.find(({ id }) => id === change.agent_id)?.name ?? t('app'));
  const diff = useMemo(
    () => diffWords(change.before ?? '', change.after ?? ''),
    [change.before, change.after],
  );
  const passage = change.kind === 'passage';
  const note = noteOf(change, diff.line);
  return (
    <li>
      <Avatar name={authorOf(change, agent)} kind={change.actor === 'user' ? 'person' : 'agent'} small />
      <span className="row words">
        <Label change={change} />{' '}
        <span className="t2 cut" dir="auto" title={note}>
          {note}
        </span>
      </span>
      <span className="row">
        {passage && change.before === null ? (
          <span className="pm">
            <span className="a" dir="auto">
              {t('change.entry', { count: 1 })}
            </span>
          </span>
        ) : (
          (diff.plus > 0 || diff.minus > 0) && <DiffCounts diff={diff} />
        )}
        <Time at={change.created_at} className="t11 t3 num ago" />
      </span>
    </li>
  );
}

/** Acts that are told by name; any other is an edit, told by who made it. */
const ACTS: Partial<Record<MemoryChange['operation'], MessageKey>> = {
  create: 'feed.created',
  restore: 'feed.restored',
  undo: 'feed.undo',
  delete: 'feed.deleted',
  import: 'feed.imported',
};

const EDITORS: Record<MemoryChange['actor'], MessageKey | null> = {
  agent: null,
  user: 'feed.byYou',
  api: 'feed.byApi',
  import: 'feed.imported',
  system: 'feed.made',
};

function noteOf(change: MemoryChange, line: number): string {
  if (change.undone_by !== null) return t('feed.undone');
  if (change.operation === 'settings') return settingsNote(change);
  const act = ACTS[change.operation] ?? EDITORS[change.actor];
  // What was filed says more than that it was filed.
  if (change.kind === 'passage' && (act === null || change.operation === 'create')) return change.label;
  return act === null ? t('feed.line', { line }) : t(act);
}

/** Which setting was changed stands in the reason when it was changed in this window or one like it. */
function settingsNote({ kind, actor, reason }: MemoryChange): string {
  if (kind === 'passage') return t('feed.tags');
  return actor === 'user' && reason !== null ? reason : t('feed.settings');
}

/** What changed; leads to the message it came from, when there was one. */
function Label({ change }: { readonly change: MemoryChange }): JSX.Element {
  const words = change.undone_by === null ? labelOf(change) : <s>{labelOf(change)}</s>;
  const shown = { className: 'cut', dir: 'auto', title: labelOf(change) };
  if (change.message_id === null) return <b {...shown}>{words}</b>;
  const place = { message_id: change.message_id, conversation_id: change.conversation_id };
  return (
    <b {...shown}>
      <MessageLink place={place} words={words} />
    </b>
  );
}

function labelOf(change: MemoryChange): string {
  return change.kind === 'passage' ? t('feed.archive') : change.label;
}
