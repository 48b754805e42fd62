import { Archive, Brain } from 'lucide-react';
import { useMemo, type JSX } from 'react';
import type { MemoryChange } from '../../../shared/contract/blocks.ts';
import { t, type MessageKey } from '../../messages/t.ts';
import { DiffCounts } from '../../ui/diff.tsx';
import { diffWords } from '../../ui/word-diff.ts';
import { InlineDiff } from './inline-diff.tsx';
import { RowFrame, type RowProps } from './row-frame.tsx';
import { Sentence } from './sentence.tsx';
import { UndoAct, UndoTrouble, useUndo } from './undo-act.tsx';
import { Name, useAgentNames, useChanger } from './who.tsx';

/** Props of {@link ChangeRow}: `agent_ids` are those whose memory it is. */
export type ChangeRowProps = RowProps & {
  readonly change: MemoryChange;
  readonly agent_ids: readonly string[];
};

/** A change of memory: who changed what, its words, and Undo. */
export function ChangeRow({ change, agent_ids, ...row }: ChangeRowProps): JSX.Element {
  const undo = useUndo(change);
  const isEdit = change.before !== null && change.after !== null;
  const isUndone = change.undone_by !== null;
  return (
    <RowFrame
      {...row}
      at={change.created_at}
      icon={change.kind === 'block' ? Brain : Archive}
      tone="memory"
      aside={<Counts change={change} />}
      acts={<UndoAct change={change} undo={undo} />}
      below={
        <>
          {isEdit && !isUndone && <InlineDiff before={change.before ?? ''} after={change.after ?? ''} />}
          <UndoTrouble change={change} undo={undo} />
        </>
      }
    >
      <ChangeWords change={change} agent_ids={agent_ids} />
    </RowFrame>
  );
}

/** Who did what to which memory, in a sentence. */
export function ChangeWords({
  change,
  agent_ids,
}: Pick<ChangeRowProps, 'change' | 'agent_ids'>): JSX.Element {
  const who = useChanger(change);
  const agents = useAgentNames(agent_ids);
  const label = <Name words={change.label} />;
  const isOwn = change.actor === 'agent' || agents === '';
  const words = (
    <>
      <Sentence text={t(actOf(change))} parts={{ who: <Name words={who} />, label }} />
      {!isOwn && <span className="t2"> {t('activity.ofAgent', { name: agents })}</span>}
    </>
  );
  return change.undone_by === null ? words : <s className="t3">{words}</s>;
}

/** What was done, as a sentence of the catalogue. */
export function actOf({ kind, operation }: MemoryChange): MessageKey {
  return ACTS[kind][operation];
}

type Acts = Readonly<Record<MemoryChange['operation'], MessageKey>>;

const BLOCK_ACTS: Acts = {
  create: 'activity.block.create',
  append: 'activity.block.change',
  replace: 'activity.block.change',
  insert: 'activity.block.change',
  rethink: 'activity.block.rethink',
  edit: 'activity.block.edit',
  settings: 'activity.block.settings',
  restore: 'activity.block.restore',
  undo: 'activity.block.undo',
  delete: 'activity.block.delete',
  import: 'activity.block.import',
};

const ACTS: Readonly<Record<MemoryChange['kind'], Acts>> = {
  block: BLOCK_ACTS,
  passage: {
    create: 'activity.entry.create',
    append: 'activity.entry.change',
    replace: 'activity.entry.change',
    insert: 'activity.entry.create',
    rethink: 'activity.entry.change',
    edit: 'activity.entry.change',
    settings: 'activity.entry.settings',
    restore: 'activity.entry.restore',
    undo: 'activity.entry.undo',
    delete: 'activity.entry.delete',
    import: 'activity.entry.import',
  },
};

function Counts({ change }: { readonly change: MemoryChange }): JSX.Element | null {
  const { before, after, kind } = change;
  const diff = useMemo(() => diffWords(before ?? '', after ?? ''), [before, after]);
  if (change.undone_by !== null) return null;
  if (kind === 'passage' && before === null) {
    return (
      <span className="pm">
        <span className="a" dir="auto">
          {t('change.entry', { count: 1 })}
        </span>
      </span>
    );
  }
  return diff.plus > 0 || diff.minus > 0 ? <DiffCounts diff={diff} /> : null;
}
