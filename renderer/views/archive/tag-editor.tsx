import { useId, useState, type ClipboardEvent, type JSX, type KeyboardEvent } from 'react';
import { t } from '../../messages/t.ts';
import { Tag } from '../../ui/tag.tsx';

/** Props of {@link TagEditor}: `onChange` gets the whole new list, without doubles. */
export type TagEditorProps = {
  readonly tags: readonly string[];
  readonly onChange: (tags: readonly string[]) => void;
};

/** The most characters a tag can have. */
const TAG_CHARS = 100;

/**
 * Tags with a cross each, and a field whose Enter or comma adds one; pasted text is a tag for each of its commas and
 * lines. Backspace in the empty field takes the last.
 */
export function TagEditor({ tags, onChange }: TagEditorProps): JSX.Element {
  const id = useId();
  const [draft, setDraft] = useState('');
  const add = (words: readonly string[]): void => {
    const added = new Set([...tags, ...words.map((word) => word.trim().slice(0, TAG_CHARS).trim())]);
    added.delete('');
    if (added.size > tags.length) onChange([...added]);
  };
  const addDraft = (): void => {
    setDraft('');
    add([draft]);
  };
  const type = (text: string): void => {
    const words = text.split(',');
    setDraft(words.pop()?.trimStart() ?? '');
    add(words);
  };
  const paste = (event: ClipboardEvent<HTMLInputElement>): void => {
    const words = event.clipboardData.getData('text').split(/[,\n]/);
    if (words.length < 2) return;
    event.preventDefault();
    setDraft('');
    add([draft, ...words]);
  };
  const press = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault();
      addDraft();
    } else if (event.key === 'Backspace' && draft === '' && tags.length > 0) {
      onChange(tags.slice(0, -1));
    }
  };
  return (
    <div className="labelled">
      <label htmlFor={id}>{t('archive.tagField')}</label>
      <div className="field tags-field">
        {tags.map((tag) => (
          <Tag
            key={tag}
            text={tag}
            removeLabel={t('archive.tagField.remove', { tag })}
            onRemove={() => onChange(tags.filter((each) => each !== tag))}
          />
        ))}
        <input
          id={id}
          value={draft}
          maxLength={TAG_CHARS}
          placeholder={t('archive.tagField.hint')}
          onChange={(event) => type(event.target.value)}
          onKeyDown={press}
          onPaste={paste}
          onBlur={addDraft}
        />
      </div>
    </div>
  );
}
