import { Search, X } from 'lucide-react';
import { useEffect, useState, type JSX } from 'react';
import { t } from '../../messages/t.ts';
import { Icon } from '../../ui/icon.tsx';
import { IconButton } from '../../ui/icon-button.tsx';

/** How long typing must pause before a search, in milliseconds. */
const PAUSE_MS = 120;

/** Props of {@link SearchBar}: `onQuery` gets each query after a pause, `onLeave` runs at arrow down. */
export type SearchBarProps = {
  readonly agent_name: string;
  readonly onQuery: (query: string) => void;
  readonly onLeave: () => void;
};

/** The search field of the archive. Esc clears it. */
export function SearchBar({ agent_name, onQuery, onLeave }: SearchBarProps): JSX.Element {
  const [text, setText] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => onQuery(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, onQuery]);
  return (
    <div className="field l grow">
      <Icon icon={Search} />
      <input
        type="search"
        aria-label={t('archive.search')}
        placeholder={t('archive.search.placeholder', { name: agent_name })}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && text !== '') {
            event.preventDefault();
            setText('');
          } else if (event.key === 'ArrowDown') {
            event.preventDefault();
            onLeave();
          }
        }}
      />
      {text !== '' && (
        <IconButton icon={X} iconSize={14} label={t('archive.clear')} onClick={() => setText('')} />
      )}
    </div>
  );
}
