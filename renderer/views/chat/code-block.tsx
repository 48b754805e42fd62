import type { JSX } from 'react';

/** Props of {@link CodeBlock}: `sign` stands before the first line, `label` names it for those who do not see it. */
export type CodeBlockProps = { readonly sign?: string; readonly label: string; readonly text: string };

/** Text as code, wrapped, every character as it is. */
export function CodeBlock({ sign, label, text }: CodeBlockProps): JSX.Element {
  return (
    <div className="code boxed" role="group" aria-label={label}>
      <div className="l narrow">
        <span aria-hidden="true">{sign}</span>
        <span>{text}</span>
      </div>
    </div>
  );
}
