import type { JSX } from 'react';
import { t } from '../../messages/t.ts';
import { Diff } from '../../ui/diff.tsx';
import { SideDiff } from '../../ui/side-diff.tsx';
import { Tag } from '../../ui/tag.tsx';
import { CodeBlock } from '../chat/code-block.tsx';
import type { ReadCall } from './call-words.ts';

/** Props of {@link CallBody}: `wide` puts both texts of an edit side by side. */
export type CallBodyProps = {
  readonly name: string;
  readonly raw: string;
  readonly read: ReadCall;
  readonly wide: boolean;
};

/** What a call would do: the words it changes in memory, else its arguments. */
export function CallBody({ name, raw, read, wide }: CallBodyProps): JSX.Element {
  const { preview, args } = read;
  if (preview?.kind === 'edit') {
    const { label, before, after } = preview;
    return <EditDiff label={label} before={before} after={after} wide={wide} />;
  }
  if (preview?.kind === 'entry') {
    return (
      <>
        <EditDiff label={t('change.archive')} before="" after={preview.text} wide={false} />
        {preview.tags.length > 0 && <Tags tags={preview.tags} />}
      </>
    );
  }
  return (
    <>
      {preview?.kind === 'misfit' && (
        <p className="why warned">{t('review.misfit', { label: preview.label })}</p>
      )}
      {args === null ? (
        <CodeBlock sign="→" label={t('tool.request')} text={raw} />
      ) : (
        <Arguments name={name} args={args} />
      )}
    </>
  );
}

/** Props of {@link EditDiff}. */
export type EditDiffProps = {
  readonly label: string;
  readonly before: string;
  readonly after: string;
  readonly wide: boolean;
};

/** The words an edit changes, in rows or side by side. */
export function EditDiff({ label, before, after, wide }: EditDiffProps): JSX.Element {
  if (!wide) return <Diff before={before} after={after} label={label} />;
  const heads = { beforeHead: t('review.before'), afterHead: t('review.after') };
  return <SideDiff before={before} after={after} label={label} {...heads} />;
}

/** The tags an entry would have. */
export function Tags({ tags }: { readonly tags: readonly string[] }): JSX.Element {
  return (
    <p className="why">
      {tags.map((tag) => (
        <Tag key={tag} text={tag} />
      ))}
    </p>
  );
}

type ArgumentsProps = { readonly name: string; readonly args: Readonly<Record<string, unknown>> };

/** Arguments by name: texts as they read, anything else as JSON. */
function Arguments({ name, args }: ArgumentsProps): JSX.Element {
  const entries = Object.entries(args);
  if (entries.length === 0) return <p className="why">{t('review.noArguments')}</p>;
  return (
    <dl className="args" aria-label={t('review.argumentsOf', { name })}>
      {entries.map(([key, value]) => (
        <div key={key}>
          <dt className="mono">{key}</dt>
          {typeof value === 'string' ? (
            <dd className="wrap" dir="auto">
              {value}
            </dd>
          ) : (
            <dd className="mono wrap">{JSON.stringify(value, null, 2)}</dd>
          )}
        </div>
      ))}
    </dl>
  );
}
