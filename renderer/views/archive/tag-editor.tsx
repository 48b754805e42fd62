import { useId, useState, type JSX, type KeyboardEvent } from 'react';
import { t } from '../../messages/t.ts';
import { Tag } from '../../ui/tag.tsx';

/** Props of {@link TagEditor}: `onChange` gets the whole new list, without doubles. */
export type TagEditorProps = {
  readonly tags: readonly string[];
  readonly onChange: (tags: readonly string[]) => void;
};

/** The most characters a tag can have. */
const TAG_CHARS = 100;

/** Tags with a cross each, and a field whose Enter or comma adds one; Backspace in the empty field takes the last. */
export function TagEditor({ tags, onChange }: TagEditorProps): JSX.Element {
  const id = useId();
  const [draft, setDraft] = useState('');
  const add = (): void => {
    const tag = draft.trim();
    setDraft('');
    if (tag !== '' && !tags.includes(tag)) onChange([...tags, tag]);
  };
  const press = (event: KeyboardEvent): void => {
    if ((event.key === 'Enter' || event.key === ',') && !event.nativeEvent.isComposing) {
      event.preventDefault();
      add();
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
          onChange={(event) => setDraft(event.target.value)}
          onKeyDown={press}
          onBlur={add}
        />
      </div>
    </div>
  );
}
