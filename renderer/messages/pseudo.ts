/** Each letter and, after it, the one with an accent. */
const ACCENTS = [
  'aå',
  'eé',
  'iî',
  'oö',
  'uü',
  'yý',
  'cç',
  'nñ',
  'sš',
  'AÅ',
  'EÉ',
  'IÎ',
  'OÖ',
  'UÛ',
  'YÝ',
  'CÇ',
  'NÑ',
  'SŠ',
];
const ACCENTED = new Map(ACCENTS.map(([letter = '', changed = '']) => [letter, changed]));

/** Names of values, which stay as they are. */
const VARIABLE = /(\{\w+\})/u;

const RIGHT_TO_LEFT_MARK = '\u200f';
const OVERRIDE = '\u202e';
const POP = '\u202c';

/** A text with accents, two fifths longer and in brackets: what has none was not in the catalogue. */
export function accented(text: string): string {
  const letters = outsideVariables(text, (part) =>
    part.replaceAll(/[a-z]/giu, (letter) => ACCENTED.get(letter) ?? letter),
  );
  return `[${letters}${padding(text.replaceAll(/\{\w+\}/gu, '').length)}]`;
}

/** A text whose words run from right to left, as Arabic or Hebrew ones would. */
export function mirrored(text: string): string {
  return outsideVariables(text, (part) =>
    part.replaceAll(
      /\p{L}+/gu,
      (word) => `${RIGHT_TO_LEFT_MARK}${OVERRIDE}${word}${POP}${RIGHT_TO_LEFT_MARK}`,
    ),
  );
}

/** Words of two letters for two fifths of a length, so that a line can break among them. */
function padding(length: number): string {
  return ' ëñ'.repeat(Math.ceil((length * 0.4) / 3));
}

function outsideVariables(text: string, change: (part: string) => string): string {
  return text
    .split(VARIABLE)
    .map((part, place) => (place % 2 === 1 ? part : change(part)))
    .join('');
}
