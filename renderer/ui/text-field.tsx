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
export function TextField({ label, hideLabel, hint, className, ...rest }: TextFieldProps): JSX.Element {
  return (
    <Labelled {...{ label, hideLabel, hint, className }}>
      {(ids) => <input {...rest} {...ids} className="field" />}
    </Labelled>
  );
}

/** Props of {@link TextArea}. */
export type TextAreaProps = Omit<ComponentProps<'textarea'>, 'aria-label'> & Shared;

/** Several lines of text with their label. */
export function TextArea({ label, hideLabel, hint, className, ...rest }: TextAreaProps): JSX.Element {
  return (
    <Labelled {...{ label, hideLabel, hint, className }}>
      {(ids) => <textarea {...rest} {...ids} className="field" />}
    </Labelled>
  );
}

type LabelledProps = {
  readonly label: string;
  readonly hideLabel: boolean | undefined;
  readonly hint: ReactNode;
  readonly className: string | undefined;
  readonly children: (ids: {
    readonly id: string;
    readonly 'aria-describedby': string | undefined;
  }) => ReactNode;
};

function Labelled({ label, hideLabel = false, hint, className = '', children }: LabelledProps): JSX.Element {
  const id = useId();
  const hintId = hint === undefined ? undefined : `${id}-hint`;
  return (
    <div className={`labelled ${className}`}>
      <label htmlFor={id} className={hideLabel ? 'sr' : ''}>
        {label}
      </label>
      {children({ id, 'aria-describedby': hintId })}
      {hint !== undefined && (
        <span id={hintId} className="t12 t3">
          {hint}
        </span>
      )}
    </div>
  );
}
