import { parseMarkdownIntoBlocks } from 'streamdown';
import { expect, test } from 'vitest';
import { growingBlocks } from '../../renderer/ui/growing-blocks.ts';

const TEXT = [
  '# A heading',
  '',
  'A paragraph with **words**.',
  'Its second line',
  '===',
  '',
  '- one',
  '- two',
  '',
  '  more of two',
  '',
  '- three',
  '',
  '| a | b |',
  '| - | - |',
  '| 1 | 2 |',
  '',
  '```ts',
  'const a = 1;',
  '',
  '# no heading',
  '```',
  '',
  '> quoted',
  'lazily',
  '',
  '<div>',
  '',
  'inside',
  '',
  '</div>',
  '',
  '1. first',
  '2. second',
  '',
  '---',
  '',
  'The end.',
  '',
].join('\n');

test('a text that grows letter by letter has the blocks it has when it is read at once', () => {
  const read = growingBlocks();
  const text = TEXT.repeat(3);
  for (let end = 1; end <= text.length; end += 1) {
    expect(read(text.slice(0, end))).toEqual(parseMarkdownIntoBlocks(text.slice(0, end)));
  }
});

test('what is finished is not read again, however long the text grows', () => {
  const lengths: number[] = [];
  const read = growingBlocks((text) => {
    lengths.push(text.length);
    return parseMarkdownIntoBlocks(text);
  });
  const text = TEXT.repeat(40);
  for (let end = 1; end <= text.length; end += 50) read(text.slice(0, end));
  expect(Math.max(...lengths)).toBeLessThan(TEXT.length);
});

test('a text that is another one, has notes or other line ends is read as it is', () => {
  const read = growingBlocks();
  read(TEXT);
  for (const text of [
    'Something else',
    `${TEXT}\n\nA note[^1].\n\n[^1]: Here.`,
    TEXT.replaceAll('\n', '\r\n'),
  ]) {
    expect(read(text)).toEqual(parseMarkdownIntoBlocks(text));
  }
});
