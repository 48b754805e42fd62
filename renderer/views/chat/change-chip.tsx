import { ChevronDown, ChevronRight, Redo2, Undo2, type LucideIcon } from 'lucide-react';
import { useMemo, useState, type JSX } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { MemoryChange } from '../../../shared/contract/blocks.ts';
import type { MessageToolCall } from '../../../shared/contract/conversations.ts';
import { AppError } from '../../../shared/errors.ts';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { useAgents, useMemory, useStores } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Diff, DiffCounts, DiffWords } from '../../ui/diff.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Time } from '../../ui/time.tsx';
import { diffWords } from '../../ui/word-diff.ts';
import { ChangeWhy } from './change-why.tsx';
import { UndoConflict } from './undo-conflict.tsx';

/** Props of {@link ChangeChip}: `call` is the tool call that made the change, for its JSON. */
export type ChangeChipProps = { readonly change: MemoryChange; readonly call: MessageToolCall | null };

/** A memory change in the talk: its words, why it was made, and Undo. Open while it was not seen. */
export function ChangeChip({ change, call }: ChangeChipProps): JSX.Element {
  const stores = useStores();
  const unseen = useMemory((state) => state.fresh[change.target_id]?.change_id === change.id);
  const [open, setOpen] = useState(unseen);
  const [why, setWhy] = useState(unseen);
  const [conflict, setConflict] = useState<AppError | null>(null);
  const undone = change.undone_by !== null;
  const fold = (): void => {
    setOpen(false);
    setWhy(false);
    setConflict(null);
  };
  const undo = async (): Promise<void> => {
    try {
      await stores.memory.getState().undo(change.undone_by ?? change.id);
      fold();
    } catch (error) {
      if (error instanceof AppError && error.code === 'conflict') setConflict(error);
      else throw error;
    }
  };
  const toggle = (): void => {
    setOpen(!open);
    setWhy(!open);
  };
  return (
    <div
      className={`chg ${unseen && !undone ? 'new' : ''}`}
      role="group"
      aria-label={t('change.name', { label: nameOf(change) })}
    >
      <div className="chg-h">
        <button type="button" className="chg-t" aria-expanded={open} onClick={toggle}>
          <Icon icon={chevron(undone, open)} size={14} />
          <Gist change={change} open={open} />
        </button>
        <WhyButton pressed={why} onPress={() => setWhy(!why)} />
        {conflict === null && <UndoButton undone={undone} onPress={() => attempt(stores, undo)} />}
      </div>
      {conflict !== null && !undone && <UndoConflict change={change} error={conflict} onDone={fold} />}
      {open && conflict === null && (
        <Diff before={change.before ?? ''} after={change.after ?? ''} label={nameOf(change)} />
      )}
      {why && conflict === null && <ChangeWhy change={change} call={call} />}
    </div>
  );
}

function chevron(undone: boolean, open: boolean): LucideIcon {
  if (undone) return Undo2;
  return open ? ChevronDown : ChevronRight;
}

function WhyButton({
  pressed,
  onPress,
}: {
  readonly pressed: boolean;
  readonly onPress: () => void;
}): JSX.Element {
  return (
    <Button kind="ghost" size="s" className={pressed ? 'on' : ''} aria-pressed={pressed} onClick={onPress}>
      {t('change.why')}
    </Button>
  );
}

/** Undo, or for what was undone its way back. */
function UndoButton({
  undone,
  onPress,
}: {
  readonly undone: boolean;
  readonly onPress: () => void;
}): JSX.Element {
  return (
    <Button size="s" onClick={onPress}>
      <Icon icon={undone ? Redo2 : Undo2} size={14} />
      {t(undone ? 'redo' : 'undo')}
    </Button>
  );
}

/** What a change is of: the block's label, or the archive. */
export function nameOf(change: MemoryChange): string {
  return change.kind === 'passage' ? t('change.archive') : change.label;
}

function Gist({ change, open }: { readonly change: MemoryChange; readonly open: boolean }): JSX.Element {
  const agent = useAgents(useShallow((state) => state.agents.find((each) => each.id === change.agent_id)));
  const diff = useMemo(
    () => diffWords(change.before ?? '', change.after ?? ''),
    [change.before, change.after],
  );
  if (change.undone_by !== null) {
    return (
      <>
        <span className="lab t3">
          <s>{nameOf(change)}</s>
        </span>
        <span className="t12 t2 cut grow">{t('change.undone', { name: agent?.name ?? '' })}</span>
      </>
    );
  }
  const row = diff.rows.find((each) => each.kind === 'add') ?? diff.rows.find((each) => each.kind === 'del');
  return (
    <>
      <span className="lab">{nameOf(change)}</span>
      {change.kind === 'passage' && change.before === null ? (
        <span className="pm">
          <span className="a">{t('change.entry', { count: 1 })}</span>
        </span>
      ) : (
        <DiffCounts diff={diff} words />
      )}
      {open || row === undefined ? (
        <span className="t12 t3 cut grow hide-s">
          {t('feed.line', { line: diff.line })}, <Time at={change.created_at} />
        </span>
      ) : (
        <span className="t12 t2 cut grow">
          {change.kind === 'passage' ? change.after : <DiffWords row={row} />}
        </span>
      )}
    </>
  );
}
