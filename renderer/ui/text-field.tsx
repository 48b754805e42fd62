import { useId, type ComponentProps, type JSX, type ReactNode } from 'react';

type Shared = {
  /** Words above the field; also its accessible name. */
  readonly label: string;
  /** Hides the label from the eye, not from assistive tools. */
  readonly hideLabel?: boolean;
  /** Second line: a hint, a count or an error. */
  readonly hint?: ReactNode;
};

/** Props of {@link TextField}. */
export type TextFieldProps = Omit<ComponentProps<'input'>, 'aria-label'> & Shared;

/** One line of text with its label. */
export function TextField({
  label,
  hideLabel = false,
  hint,
  className = '',
  ...rest
}: TextFieldProps): JSX.Element {
  const id = useId();
  return (
    <div className={`labelled ${className}`}>
      <label htmlFor={id} className={hideLabel ? 'sr' : ''}>
        {label}
      </label>
      <input
        {...rest}
        id={id}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        className="field"
      />
      {hint !== undefined && (
        <span id={`${id}-hint`} className="t12 t3">
          {hint}
        </span>
      )}
    </div>
  );
}

/** Props of {@link TextArea}. */
export type TextAreaProps = Omit<ComponentProps<'textarea'>, 'aria-label'> & Shared;

/** Several lines of text with their label. */
export function TextArea({
  label,
  hideLabel = false,
  hint,
  className = '',
  ...rest
}: TextAreaProps): JSX.Element {
  const id = useId();
  return (
    <div className={`labelled ${className}`}>
      <label htmlFor={id} className={hideLabel ? 'sr' : ''}>
        {label}
      </label>
      <textarea
        {...rest}
        id={id}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        className="field"
      />
      {hint !== undefined && (
        <span id={`${id}-hint`} className="t12 t3">
          {hint}
        </span>
      )}
    </div>
  );
}
