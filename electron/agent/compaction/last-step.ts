import { formatCount } from '../../memory/text.ts';
import { clipText } from '../../store/encoding.ts';
import type { WindowItem } from '../../store/window.ts';
import type { WindowMessage } from '../../store/window-messages.ts';
import { fitText, sumUpByQuoting } from './fallback.ts';

function messagesOf(items: readonly WindowItem[]): WindowMessage[] {
  return items.flatMap((item) => (item.kind === 'message' ? [item.message] : []));
}

/** Whether entries end with a step of which every call has its result. */
export function endsWithResults(items: readonly WindowItem[]): boolean {
  const messages = messagesOf(items);
  const at = messages.findLastIndex(({ role }) => role === 'assistant');
  const answered = new Set(messages.slice(at + 1).map(({ tool_call_id }) => tool_call_id));
  const calls = messages[at]?.tool_calls ?? [];
  return calls.length > 0 && calls.every(({ tool_call_id }) => answered.has(tool_call_id));
}

const HEAD_CHARS = 60;

/**
 * Words for steps of the open turn that do not fit the window, the last one included, in `most` tokens: how much was
 * called and answered, so that the agent does not do the same again, and how the results begin. Equal entries give equal
 * words.
 */
export function noteOnLastStep(items: readonly WindowItem[], most: number): string {
  const messages = messagesOf(items);
  const at = messages.findLastIndex(({ role }) => role === 'assistant');
  const calls = messages[at]?.tool_calls ?? [];
  const results = messages.slice(at + 1).filter(({ role }) => role === 'tool');
  const asked = calls.reduce((sum, call) => sum + call.arguments.length, 0);
  const given = results.reduce((sum, { text }) => sum + text.length, 0);
  const told =
    `Your last step does not fit the window, so it is not shown: ${count(calls.length, 'call')} ` +
    `(${namesOf(calls)}) with ${formatCount(asked)} characters of arguments and ${formatCount(given)} of results. ` +
    'Every call has its result; make none of them again, and do less at once.';
  const heads = results.map(({ name, text }) => `- ${name ?? 'result'}: ${headOf(text)}`);
  const step = items.findLastIndex((item) => item.kind === 'message' && item.message === messages[at]);
  const before = step > 0 ? [sumUpByQuoting(items.slice(0, step), Math.floor(most / 3))] : [];
  return fitText([told, ...before, ...heads].join('\n'), most);
}

const MOST_NAMES = 4;

function namesOf(calls: WindowMessage['tool_calls']): string {
  const names = [...Map.groupBy(calls, ({ name }) => clipText(name, HEAD_CHARS))];
  const shown = names.slice(0, MOST_NAMES).map(([name, { length }]) => `${name} ×${length}`);
  return [...shown, ...(names.length > MOST_NAMES ? ['others'] : [])].join(', ');
}

function headOf(text: string): string {
  const line = text.trim().replaceAll(/\s+/gu, ' ');
  return line.length <= HEAD_CHARS ? line : `${clipText(line, HEAD_CHARS)}…`;
}

function count(many: number, noun: string): string {
  return `${formatCount(many)} ${noun}${many === 1 ? '' : 's'}`;
}
