import { formatCount } from '../../memory/text.ts';
import { clipText } from '../../store/encoding.ts';
import type { WindowItem } from '../../store/window.ts';
import type { WindowMessage } from '../../store/window-messages.ts';
import { tokensOfItem } from '../window-size.ts';

type MessageItem = Extract<WindowItem, { kind: 'message' }>;

const HEAD_CHARS = 160;

/** What is shown of a result that is too long for the window: how it begins, and how to read it again, if it can be. */
export function stubText(message: WindowMessage, can_search: boolean): string {
  const head = clipText(message.text, HEAD_CHARS).trimEnd();
  const again = can_search ? ` To read it again: conversation_search with query "${message.id}".` : '';
  return `${head}… [Shortened: this result had ${formatCount(message.text.length)} characters.${again}]`;
}

/** An entry with its result shortened; the same entry when that would save nothing. */
export function stubbed(item: WindowItem, can_search: boolean): WindowItem {
  if (item.kind !== 'message' || item.message.role !== 'tool') return item;
  const short: MessageItem = { ...item, short: stubText(item.message, can_search) };
  return tokensOfItem(short) < tokensOfItem(item) ? short : item;
}
