import type { ContentPart } from '../../shared/contract/conversations.ts';
import type { WindowMessage } from '../store/window-messages.ts';
import type { Wording } from './pairing.ts';
import { tagSummary } from './talk-words.ts';

/**
 * How messages read to a model. Each is worded from its own row alone, so that a message never changes once it was
 * shown: the clock is the time the message itself was sent.
 */
export function createWording(): Wording {
  const formats = new Map<string, Intl.DateTimeFormat>();
  return {
    user: wordedOnce((message) => wordUser(message, formats)),
    assistant: wordedOnce(wordAssistant),
    result: wordedOnce(wordResult),
  };
}

// The window of a talk is put into words before each request, and most of it was there before.
function wordedOnce<Words>(word: (message: WindowMessage) => Words): (message: WindowMessage) => Words {
  const known = new WeakMap<WindowMessage, { readonly words: Words }>();
  return (message) => {
    const before = known.get(message);
    if (before !== undefined) return before.words;
    const words = word(message);
    known.set(message, { words });
    return words;
  };
}

function wordAssistant({ content }: WindowMessage): string | null {
  const said = joinText(content);
  const words = said.trim() === '' ? joinThoughts(content) : said;
  // Servers refuse a text of blanks.
  return words.trim() === '' ? null : words;
}

function wordResult({ tool_status, text, created_at }: WindowMessage): string {
  return JSON.stringify({
    status: tool_status === 'error' ? 'Failed' : 'OK',
    message: text,
    time: created_at,
  });
}

function wordUser(message: WindowMessage, formats: Map<string, Intl.DateTimeFormat>): string {
  const text = joinText(message.content);
  if (message.role === 'summary') return tagSummary(text);
  const stamp = `<sent_at>${localTime(message, formats)}</sent_at>`;
  return message.role === 'system'
    ? `<system_note>\n${text}\n</system_note>\n\n${stamp}`
    : `${text}\n\n${stamp}`;
}

function localTime(message: WindowMessage, formats: Map<string, Intl.DateTimeFormat>): string {
  if (message.timezone === 'UTC') return timeInUtc(message.created_at);
  const known = formats.get(message.timezone);
  const format = known ?? createFormat(message.timezone);
  if (known === undefined) formats.set(message.timezone, format);
  return format.format(new Date(message.created_at));
}

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

// Written by hand: `Intl` takes as long to load as the rest of a request, and a server often runs in UTC.
function timeInUtc(timestamp: string): string {
  const weekday = WEEKDAYS[new Date(timestamp).getUTCDay()];
  const [year, month, day] = timestamp.slice(0, 10).split('-');
  return `${String(weekday)}, ${String(day)}/${String(month)}/${String(year)}, ${timestamp.slice(11, 16)} UTC`;
}

function createFormat(timeZone: string): Intl.DateTimeFormat {
  const options: Intl.DateTimeFormatOptions = {
    weekday: 'long',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  };
  try {
    return new Intl.DateTimeFormat('en-GB', { ...options, timeZone });
  } catch {
    // An imported agent may name a zone this machine does not know; a time in UTC, said so, is still right.
    return new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' });
  }
}

function joinText(content: readonly ContentPart[]): string {
  return content
    .map(textOf)
    .filter((text) => text !== '')
    .join('\n');
}

function textOf(part: ContentPart): string {
  if (part.type === 'text' && 'text' in part && typeof part.text === 'string') return part.text;
  return part.type === 'image' || part.type === 'image_url' ? '[image]' : '';
}

// Thoughts of an agent that speaks by tool are its own text; native reasoning belongs to the provider alone.
function joinThoughts(content: readonly ContentPart[]): string {
  return content
    .map((part) =>
      part.type === 'reasoning' && 'reasoning' in part && part['is_native'] === false
        ? String(part.reasoning)
        : '',
    )
    .filter((text) => text !== '')
    .join('\n');
}
