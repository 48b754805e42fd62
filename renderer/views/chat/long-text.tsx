import { useState, type JSX, type ReactNode } from 'react';
import { t } from '../../messages/t.ts';

/** Props of {@link LongText}: `from` is the length in characters from which a text is folded. */
export type LongTextProps = {
  readonly text: string;
  readonly from: number;
  readonly children: (shown: string) => ReactNode;
};

/** Characters of a folded text that stay in sight. */
const SHOWN = 1200;

/** A text of any length: a long one shows its first lines and how much more there is. */
export function LongText({ text, from, children }: LongTextProps): JSX.Element {
  const [whole, setWhole] = useState(false);
  if (text.length <= from) return <>{children(text)}</>;
  return (
    <>
      {children(whole ? text : firstLines(text))}
      <button type="button" className="link t12" aria-expanded={whole} onClick={() => setWhole(!whole)}>
        {whole ? t('chat.unfold') : t('chat.fold', { count: text.length })}
      </button>
    </>
  );
}

/** The beginning of a text, cut at the end of a line or word when there is one nearby. */
function firstLines(text: string): string {
  const cut = Math.max(text.lastIndexOf('\n', SHOWN), text.lastIndexOf(' ', SHOWN));
  return `${text.slice(0, cut > SHOWN / 2 ? cut : SHOWN).trimEnd()}…`;
}
