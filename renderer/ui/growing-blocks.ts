import { parseMarkdownIntoBlocks } from 'streamdown';

/** Blocks at the end that more text may still change: a list, the room below it and what comes there. */
const UNSETTLED = 4;

/**
 * Makes a reader that takes a growing Markdown text apart into its blocks. Of a text that only grew at its end it reads
 * the last few blocks anew; the ones before are finished and stay the same strings.
 */
export function growingBlocks(
  parse: (text: string) => string[] = parseMarkdownIntoBlocks,
): (text: string) => string[] {
  let finished: string[] = [];
  let start = '';
  return (text) => {
    // The notes of a text belong to all of it.
    if (text.includes('[^')) return parse(text);
    if (!text.startsWith(start)) {
      finished = [];
      start = '';
    }
    const rest = parse(text.slice(start.length));
    const blocks = [...finished, ...rest];
    const settled = rest.slice(0, -UNSETTLED);
    const words = start + settled.join('');
    // A reader that changes what it reads, as line ends, can not be told where it stopped.
    if (settled.length > 0 && text.startsWith(words)) {
      finished = [...finished, ...settled];
      start = words;
    }
    return blocks;
  };
}
