import { useMemo, useState, type JSX } from 'react';
import { t } from '../../messages/t.ts';
import { Button } from '../../ui/button.tsx';

/** Lines and characters shown before one asks for all. */
const MOST_LINES = 400;
const MOST_CHARS = 200_000;

/** Props of {@link RawLines}: `label` names the text for those who do not see it. */
export type RawLinesProps = { readonly text: string; readonly label: string };

/** A text as it came, with line numbers; a very long one is cut until it is asked for. */
export function RawLines({ text, label }: RawLinesProps): JSX.Element {
  const [whole, setWhole] = useState(false);
  const all = useMemo(() => text.split('\n'), [text]);
  const lines = whole ? all : text.slice(0, MOST_CHARS).split('\n').slice(0, MOST_LINES);
  const isCut = !whole && (all.length > lines.length || text.length > MOST_CHARS);
  return (
    <div className="code act-code" role="group" aria-label={label} tabIndex={0}>
      {lines.map((line, at) => (
        <div key={at} className="l">
          <span>{at + 1}</span>
          <span>{line}</span>
        </div>
      ))}
      {isCut && (
        <Button size="s" className="act-more" onClick={() => setWhole(true)}>
          {t('activity.json.lines', { count: all.length })}
        </Button>
      )}
    </div>
  );
}
