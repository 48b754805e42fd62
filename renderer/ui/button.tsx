import type { ComponentProps, JSX } from 'react';

/** Look of a button: `prim` acts, `plain` is outlined, `ghost` has no outline until hovered, `danger` destroys. */
export type ButtonKind = 'plain' | 'prim' | 'ghost' | 'danger';

/** Props of {@link Button}: those of a `<button>`, its look and its height (`s` 24, `m` 28, `l` 32 px). */
export type ButtonProps = ComponentProps<'button'> & {
  readonly kind?: ButtonKind;
  readonly size?: 's' | 'm' | 'l';
};

/** A button with words: verb and object. */
export function Button({ kind = 'plain', size = 'm', className = '', ...rest }: ButtonProps): JSX.Element {
  const look = [kind === 'plain' ? '' : kind, size === 'm' ? '' : size, className].filter(
    (part) => part !== '',
  );
  return <button type="button" {...rest} className={['btn', ...look].join(' ')} />;
}
