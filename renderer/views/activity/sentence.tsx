import { Fragment, type JSX, type ReactNode } from 'react';

/** Props of {@link Sentence}: `text` is of the catalogue, with `{names}` that `parts` stand for. */
export type SentenceProps = { readonly text: string; readonly parts: Readonly<Record<string, ReactNode>> };

/** A sentence whose parts are more than text, in the order the language puts them. */
export function Sentence({ text, parts }: SentenceProps): JSX.Element {
  return (
    <>
      {text.split(/(\{\w+\})/u).map((piece, at) => {
        const name = /^\{(\w+)\}$/u.exec(piece)?.[1];
        const part = name === undefined ? piece : (parts[name] ?? piece);
        return <Fragment key={at}>{part}</Fragment>;
      })}
    </>
  );
}
