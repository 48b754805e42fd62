import { Component, lazy, memo, Suspense, type JSX, type ReactNode } from 'react';
import type { MarkdownProps } from './markdown-body.tsx';

// A script of its own, asked for at once: as part of the first one it makes the longest task of opening a window.
const body = import('./markdown-body.tsx');
const MarkdownBody = lazy(() => body.then((module) => ({ default: module.MarkdownBody })));

/**
 * A message in Markdown. HTML in it is shown as text, images are named and not loaded, links open outside. A text that
 * can not be drawn so is shown as it is, with its marks; so is any until the part that reads Markdown has come.
 */
export const Markdown = memo(function Markdown({ text, live = false }: MarkdownProps): JSX.Element {
  const plain = <div className="md wrap whitespace-pre-wrap">{text}</div>;
  return (
    <PlainOtherwise plain={plain}>
      <Suspense fallback={plain}>
        <MarkdownBody text={text} live={live} />
      </Suspense>
    </PlainOtherwise>
  );
});

type PlainProps = { readonly plain: ReactNode; readonly children: ReactNode };

/** Keeps what fails on one text from taking the talk around it away. */
class PlainOtherwise extends Component<PlainProps, { readonly failed: boolean }> {
  override readonly state = { failed: false };

  static getDerivedStateFromError(): { readonly failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? this.props.plain : this.props.children;
  }
}
