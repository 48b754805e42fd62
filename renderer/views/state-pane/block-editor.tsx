import { useState, type JSX } from 'react';
import type { Block } from '../../../shared/contract/blocks.ts';
import { AppError } from '../../../shared/errors.ts';
import { formatNumber, t } from '../../messages/t.ts';
import { useStores } from '../../state/stores.ts';
import { useDraft } from '../../state/use-draft.ts';
import { Button } from '../../ui/button.tsx';
import { EditConflict } from './edit-conflict.tsx';
import { EditError } from './edit-error.tsx';

/** Props of {@link BlockEditor}. */
export type BlockEditorProps = { readonly block: Block; readonly onClose: () => void };

/** What the editor started from: saving against it merges, or is refused when someone changed the same words. */
type Base = { readonly version: number; readonly value: string };

/** What was written, and what it was written against. */
type Edit = { readonly base: Base; readonly text: string };

/** Where the unsaved text of a block is kept. */
export function editPlace(blockId: string): string {
  return `block:${blockId}`;
}

/**
 * Edits the value of a block. Never overwrites what came in meanwhile without asking. What was written waits here, also
 * after Esc, until it is saved or cancelled.
 */
export function BlockEditor({ block, onClose }: BlockEditorProps): JSX.Element {
  const { memory } = useStores();
  const kept = useDraft(editPlace(block.id), isEdit);
  const [opened, setOpened] = useState<Base>({ version: block.version, value: block.value });
  const { base, text } = kept.value ?? { base: opened, text: opened.value };
  const [saving, setSaving] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [refused, setRefused] = useState(false);
  const changedMeanwhile = block.version > base.version && block.value !== base.value;
  const over = text.length - block.limit;

  const cancel = (): void => {
    kept.drop();
    onClose();
  };
  const save = async (value: string, version: number): Promise<void> => {
    setSaving(true);
    try {
      await memory.getState().updateBlock({ block_id: block.id, base_version: version, value });
      cancel();
    } catch (failure) {
      const conflict = failure instanceof AppError && failure.code === 'conflict';
      setRefused(conflict);
      setError(conflict ? null : failure instanceof Error ? failure.message : String(failure));
    } finally {
      setSaving(false);
    }
  };
  const reload = (): void => {
    setOpened({ version: block.version, value: block.value });
    kept.drop();
    setRefused(false);
  };
  const merge = (merged: string): void => {
    kept.keep({ base: { version: block.version, value: block.value }, text: merged });
    setRefused(false);
  };
  const write = (written: string): void => {
    setOpened(base);
    if (written === base.value) kept.drop();
    else kept.keep({ base, text: written });
  };
  const trySave = (): void => {
    if (over > 0) setError(overText(text.length, block.limit));
    else void save(text, base.version);
  };

  return (
    <form
      className="mt-1"
      onSubmit={(event) => {
        event.preventDefault();
        trySave();
      }}
    >
      <textarea
        className="edit"
        aria-label={t('block.value', { label: block.label })}
        aria-invalid={over > 0}
        autoFocus
        value={text}
        onChange={(event) => {
          write(event.target.value);
          setError(null);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            event.preventDefault();
            onClose();
          }
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) trySave();
        }}
      />
      {(error !== null || over > 0) && <EditError message={error ?? overText(text.length, block.limit)} />}
      {(changedMeanwhile || refused) && (
        <EditConflict
          label={block.label}
          base={base.value}
          current={block.value}
          mine={text}
          onOverwrite={() => void save(text, block.version)}
          onReload={reload}
          onMerge={merge}
        />
      )}
      <div className="row mt-2">
        <Button type="submit" kind="prim" size="s" disabled={saving || text === base.value}>
          {t('save')}
        </Button>
        <Button kind="ghost" size="s" onClick={cancel}>
          {t('cancel')}
        </Button>
        <span className="grow" />
        <span className={`t12 num ${over > 0 ? 'danger' : 't3'}`}>
          {t('block.count', { used: formatNumber(text.length), limit: formatNumber(block.limit) })}
        </span>
      </div>
    </form>
  );
}

function isEdit(kept: unknown): kept is Edit {
  if (typeof kept !== 'object' || kept === null) return false;
  const { base, text } = kept as { readonly base?: Partial<Base> | null; readonly text?: unknown };
  return typeof base?.version === 'number' && typeof base.value === 'string' && typeof text === 'string';
}

function overText(used: number, limit: number): string {
  return t('block.over', { over: used - limit, used, count: limit });
}
