import type { JSX } from 'react';

/** Props of {@link Avatar}: people are round, agents square; `on` marks the chosen agent or the speaker. */
export type AvatarProps = {
  readonly name: string;
  readonly kind: 'agent' | 'person';
  readonly on?: boolean;
  readonly small?: boolean;
  readonly title?: string;
};

/** What may stand before the first letter of a name: marks, brackets, and signs that turn the direction of a text. */
const BEFORE_LETTER = /^[\p{C}\p{Z}\p{P}]+/u;

/** The first letter of a name in a square or a circle. Decoration: the name stands beside it or in `title`. */
export function Avatar({ name, kind, on = false, small = false, title }: AvatarProps): JSX.Element {
  const classes = ['ava', kind === 'person' ? 'me' : '', on ? 'on' : '', small ? 's' : ''];
  return (
    <span className={classes.filter((part) => part !== '').join(' ')} title={title} aria-hidden="true">
      {Array.from(name.replace(BEFORE_LETTER, ''))[0]?.toLocaleUpperCase() ?? '?'}
    </span>
  );
}
