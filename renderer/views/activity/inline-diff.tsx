import { useMemo, type JSX } from 'react';
import { keyed } from '../../ui/diff.tsx';
import { diffInline, type InlinePart } from '../../ui/word-diff.ts';

/** Characters of unchanged text that stay beside a change. */
const AROUND = 40;

/** Props of {@link InlineDiff}. */
export type InlineDiffProps = { readonly before: string; readonly after: string };

/** The words that changed in their line, struck before underlined, with a few words around. */
export function InlineDiff({ before, after }: InlineDiffProps): JSX.Element | null {
  const parts = useMemo(() => nearChanges(diffInline(before, after)), [before, after]);
  if (parts.length === 0) return null;
  return (
    <p className="ev-diff" dir="auto">
      {keyed(parts.map(({ text, kind }) => ({ text, changed: kind !== 'same' }))).map(
        ({ key, segment }, at) => {
          const kind = parts[at]?.kind ?? 'same';
          if (kind === 'add') return <ins key={key}>{segment.text}</ins>;
          return kind === 'del' ? <del key={key}>{segment.text}</del> : <span key={key}>{segment.text}</span>;
        },
      )}
    </p>
  );
}

/** Long stretches without a change are cut to their ends. */
function nearChanges(parts: readonly InlinePart[]): readonly InlinePart[] {
  return parts.map((part, at) => {
    if (part.kind !== 'same') return part;
    const isFirst = at === 0;
    const isLast = at === parts.length - 1;
    if (part.text.length <= AROUND * (isFirst || isLast ? 1 : 2)) return part;
    const head = isFirst ? '' : part.text.slice(0, AROUND).toWellFormed();
    const tail = isLast ? '' : part.text.slice(-AROUND).toWellFormed();
    return { kind: 'same', text: `${head}…${tail}` };
  });
}
