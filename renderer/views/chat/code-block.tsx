import type { JSX } from 'react';

/** Props of {@link CodeBlock}: `sign` stands before the first line, `label` names it for those who do not see it. */
export type CodeBlockProps = { readonly sign?: string; readonly label: string; readonly text: string };

/** Text as code, wrapped, every character as it is. */
export function CodeBlock({ sign, label, text }: CodeBlockProps): JSX.Element {
  return (
    <div className="code boxed" role="group" aria-label={label} tabIndex={mayScroll(text) ? 0 : undefined}>
      <div className="l narrow">
        <span aria-hidden="true">{sign}</span>
        <span>{text}</span>
      </div>
    </div>
  );
}

/** Lines that the block shows without scrolling, and characters of a line in the narrowest column. */
const ROOM = { lines: 15, characters: 40 };

/** What may scroll is a stop of the Tab key: the arrows scroll it then. */
function mayScroll(text: string): boolean {
  return text.split('\n').length + text.length / ROOM.characters > ROOM.lines;
}
