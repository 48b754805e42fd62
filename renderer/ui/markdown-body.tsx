import { ImageOff } from 'lucide-react';
import { useState, type ComponentProps, type JSX } from 'react';
import { Streamdown, type StreamdownProps } from 'streamdown';
import { t } from '../messages/t.ts';
import { growingBlocks } from './growing-blocks.ts';
import { Icon } from './icon.tsx';

/** Props of {@link MarkdownBody}: `live` while the text still grows (shows the caret, closes open marks). */
export type MarkdownProps = { readonly text: string; readonly live?: boolean };

/** Schemes a link may have. */
const SAFE_LINK = /^(https?:|mailto:)/i;

type Plain<Tag extends keyof JSX.IntrinsicElements> = ComponentProps<Tag> & { node?: unknown };

const COMPONENTS: NonNullable<StreamdownProps['components']> = {
  a: Link,
  img: Picture,
  h1: ({ children }) => <h3>{children}</h3>,
  h2: ({ children }) => <h3>{children}</h3>,
  h3: ({ children }) => <h3>{children}</h3>,
  h4: ({ children }) => <h4>{children}</h4>,
  h5: ({ children }) => <h4>{children}</h4>,
  h6: ({ children }) => <h4>{children}</h4>,
  p: ({ children }) => <p>{children}</p>,
  ul: ({ children }) => <ul>{children}</ul>,
  ol: ({ children }) => <ol>{children}</ol>,
  li: ({ children }) => <li>{children}</li>,
  blockquote: ({ children }) => <blockquote>{children}</blockquote>,
  strong: ({ children }) => <strong>{children}</strong>,
  hr: () => <hr />,
  pre: ({ children }) => (
    // Reachable by keyboard, since it can scroll sideways.
    <pre tabIndex={0}>{children}</pre>
  ),
  code: ({ children }) => <code>{children}</code>,
  table: ({ children }) => (
    <div className="tablewrap" tabIndex={0} role="group">
      <table>{children}</table>
    </div>
  ),
  thead: ({ children }) => <thead>{children}</thead>,
  tbody: ({ children }) => <tbody>{children}</tbody>,
  tr: ({ children }) => <tr>{children}</tr>,
  th: ({ children }) => <th>{children}</th>,
  td: ({ children }) => <td>{children}</td>,
};

/** A message in Markdown, drawn. */
export function MarkdownBody({ text, live = false }: MarkdownProps): JSX.Element {
  const [readBlocks] = useState(() => growingBlocks());
  return (
    <Streamdown
      className={live ? 'md live' : 'md'}
      mode="streaming"
      parseIncompleteMarkdown={live}
      parseMarkdownIntoBlocksFn={readBlocks}
      components={COMPONENTS}
      skipHtml={false}
      rehypePlugins={[]}
      controls={false}
      linkSafety={{ enabled: false }}
    >
      {text}
    </Streamdown>
  );
}

function Link({ href, children }: Plain<'a'>): JSX.Element {
  if (href === undefined || !SAFE_LINK.test(href)) return <span>{children}</span>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer" title={href}>
      {children}
    </a>
  );
}

function Picture({ src, alt }: Plain<'img'>): JSX.Element {
  const host = typeof src === 'string' ? hostOf(src) : null;
  return (
    <span className="pic">
      <Icon icon={ImageOff} size={14} />
      {alt === undefined || alt === '' ? t('markdown.image') : t('markdown.imageNamed', { alt })}
      {host !== null && <span className="t3">{t('markdown.imageHost', { host })}</span>}
    </span>
  );
}

function hostOf(address: string): string | null {
  return URL.canParse(address) ? new URL(address).host || null : null;
}
