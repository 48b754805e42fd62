import { useMemo, useState, type JSX } from 'react';
import { t } from '../../messages/t.ts';
import { Button } from '../../ui/button.tsx';
import { DiffWords } from '../../ui/diff.tsx';
import { isTag, markLines } from './exact-lines.ts';

/** Lines that are drawn at once. */
const DRAWN = 400;

/** Props of {@link ExactText}: `before` is how it read in the last request; `label` names it. */
export type ExactTextProps = {
  readonly text: string;
  readonly before: string | null;
  readonly label: string;
};

/** A text line by line, word for word, with the words marked that are new. */
export function ExactText({ text, before, label }: ExactTextProps): JSX.Element {
  const rows = useMemo(() => markLines(text, before), [text, before]);
  const [all, setAll] = useState(false);
  const shown = all ? rows : rows.slice(0, DRAWN);
  return (
    <div className="code grow ctx-code" role="group" aria-label={label} tabIndex={0}>
      {shown.map((row) => {
        const line = row.segments.map((segment) => segment.text).join('');
        return (
          <div key={row.number} className={`l ${row.kind === 'add' ? 'fresh' : ''}`}>
            <span>{row.number}</span>
            <span dir="auto" className={isTag(line) ? 'k' : ''}>
              <DiffWords row={row} />
            </span>
          </div>
        );
      })}
      {rows.length > shown.length && (
        <div className="ctx-rest">
          <Button size="s" onClick={() => setAll(true)}>
            {t('context.allLines', { count: rows.length })}
          </Button>
        </div>
      )}
    </div>
  );
}
