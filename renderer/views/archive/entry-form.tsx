import type { JSX } from 'react';
import { formatNumber, t } from '../../messages/t.ts';
import { TextArea } from '../../ui/text-field.tsx';
import { TagEditor } from './tag-editor.tsx';

/** The most characters an entry can have. */
export const ENTRY_CHARS = 100_000;

/** What a person writes of an entry. */
export type EntryDraft = { readonly text: string; readonly tags: readonly string[] };

/** Whether something that was kept is a draft. */
export function isEntryDraft(kept: unknown): kept is EntryDraft {
  if (typeof kept !== 'object' || kept === null) return false;
  const { text, tags } = kept as Partial<Record<keyof EntryDraft, unknown>>;
  return typeof text === 'string' && Array.isArray(tags) && tags.every((tag) => typeof tag === 'string');
}

/** Props of {@link EntryForm}. `onSave` runs on Ctrl Enter, too. */
export type EntryFormProps = {
  readonly draft: EntryDraft;
  readonly onChange: (draft: EntryDraft) => void;
  readonly onSave: () => void;
  /** Lines of the text field. */
  readonly rows: number;
};

/** Whether a draft can be filed: it has words and is not too long. */
export function canSave({ text }: EntryDraft): boolean {
  const trimmed = text.trim();
  return trimmed !== '' && trimmed.length <= ENTRY_CHARS;
}

/** The fields of an entry: its text, with the characters counted, and its tags. */
export function EntryForm({ draft, onChange, onSave, rows }: EntryFormProps): JSX.Element {
  const length = draft.text.trim().length;
  const over = length - ENTRY_CHARS;
  return (
    <div className="entry-form">
      <TextArea
        label={t('archive.text')}
        placeholder={t('archive.text.placeholder')}
        dir="auto"
        rows={rows}
        autoFocus
        value={draft.text}
        onChange={(event) => onChange({ ...draft, text: event.target.value })}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onSave();
        }}
        hint={
          over > 0 ? (
            <span className="danger" role="alert">
              {t('archive.tooLong', { over: formatNumber(over), limit: formatNumber(ENTRY_CHARS) })}
            </span>
          ) : (
            <span className="num">{t('archive.characters', { count: length })}</span>
          )
        }
      />
      <TagEditor tags={draft.tags} onChange={(tags) => onChange({ ...draft, tags })} />
    </div>
  );
}
