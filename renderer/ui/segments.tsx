import type { JSX } from 'react';

/** Props of {@link Segments}: one of a few choices that are all visible. */
export type SegmentsProps<Value extends string> = {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly onChange: (value: Value) => void;
  readonly size?: 's' | 'm' | 'l';
};

/** A row of buttons of which one is pressed. */
export function Segments<Value extends string>(props: SegmentsProps<Value>): JSX.Element {
  const { label, value, options, onChange, size = 's' } = props;
  return (
    <span className={`seg ${size === 'm' ? '' : size}`} role="group" aria-label={label}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
        >
          {option.label}
        </button>
      ))}
    </span>
  );
}
