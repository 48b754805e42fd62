import { X } from 'lucide-react';
import type { JSX } from 'react';
import { Icon } from './icon.tsx';

/** Props of {@link Tag}: `onPress` makes it a toggle, `onRemove` (with its words) adds a cross. */
export type TagProps = {
  readonly text: string;
  readonly count?: number;
  readonly pressed?: boolean;
  readonly onPress?: () => void;
  readonly onRemove?: () => void;
  readonly removeLabel?: string;
};

/** A tag of an entry, an agent or a filter. */
export function Tag({ text, count, pressed = false, onPress, onRemove, removeLabel }: TagProps): JSX.Element {
  const number = count === undefined ? null : <span className="num t3">{count}</span>;
  if (onPress !== undefined) {
    return (
      <button
        type="button"
        className={`tag ${pressed ? 'on' : 'line'}`}
        aria-pressed={pressed}
        onClick={onPress}
      >
        <Words text={text} />
        {number}
      </button>
    );
  }
  return (
    <span className="tag">
      <Words text={text} />
      {number}
      {onRemove !== undefined && (
        <button type="button" aria-label={removeLabel ?? text} onClick={onRemove}>
          <Icon icon={X} size={12} />
        </button>
      )}
    </span>
  );
}

/** A long tag ends in dots and shows whole on hover. */
function Words({ text }: { readonly text: string }): JSX.Element {
  return (
    <span className="cut" dir="auto" title={text}>
      {text}
    </span>
  );
}
