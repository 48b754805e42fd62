import { countTokens } from '../../models/tokens.ts';
import { clipText } from '../../store/encoding.ts';
import type { WindowItem } from '../../store/window.ts';
import type { WindowMessage } from '../../store/window-messages.ts';
import { summaryWords } from './prompt.ts';

const RESULT_CHARS = 5000;
const WORDS_CHARS = 20_000;
const MIDDLE = '\n[… the middle of this transcript is left out: it did not fit …]\n';

/**
 * Writes down what is to be summarised, for a model to read: the summary before it first, then who said and did what.
 * Long results are cut; when all is longer than `most` tokens, first results are cut more, then the middle goes.
 */
export function writeTranscript(items: readonly WindowItem[], most: number): string {
  const whole = linesOf(items, RESULT_CHARS, WORDS_CHARS).join('\n');
  if (countTokens(whole) <= most) return whole;
  const short = linesOf(items, RESULT_CHARS / 10, WORDS_CHARS / 10).join('\n');
  return countTokens(short) <= most ? short : withoutMiddle(short, most);
}

function linesOf(items: readonly WindowItem[], result_chars: number, words_chars: number): string[] {
  return items.flatMap((item): string[] => {
    if (item.kind === 'missing') return [];
    if (item.kind === 'summary') return [`<earlier_summary>\n${summaryWords(item.text)}\n</earlier_summary>`];
    if (item.kind !== 'message') return [`note: ${clip(item.text, result_chars)}`];
    return linesOfMessage(item.message, result_chars, words_chars);
  });
}

function linesOfMessage(message: WindowMessage, result_chars: number, words_chars: number): string[] {
  const at = message.created_at.slice(0, 16).replace('T', ' ');
  if (message.role === 'tool') {
    const failed = message.tool_status === 'error' ? ' (failed)' : '';
    return [`result of ${message.name ?? 'a tool'}${failed}: ${clip(message.text, result_chars)}`];
  }
  const calls = message.tool_calls
    .filter((call) => call.name !== 'send_message')
    .map((call) => `${message.role} called ${call.name}(${clip(call.arguments, result_chars)})`);
  const said = message.text.trim();
  const words = said === '' ? [] : [`[${at}] ${message.role}: ${clip(said, words_chars)}`];
  return [...words, ...calls];
}

function clip(text: string, chars: number): string {
  return text.length <= chars ? text : `${clipText(text, chars)}… [cut: ${text.length} characters]`;
}

function withoutMiddle(text: string, most: number): string {
  // A token is at least one character; the share that fits is tried, and halved until it does.
  let chars = Math.floor((text.length * most) / Math.max(1, countTokens(text)));
  for (;;) {
    const half = Math.max(0, Math.floor((chars - MIDDLE.length) / 2));
    const cut = `${clipText(text, half)}${MIDDLE}${text.slice(text.length - half).toWellFormed()}`;
    if (half === 0 || countTokens(cut) <= most) return cut;
    chars = Math.floor(chars * 0.8);
  }
}
