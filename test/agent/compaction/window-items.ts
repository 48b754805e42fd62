import { countTokens } from '../../../electron/models/tokens.ts';
import type { WindowItem } from '../../../electron/store/window.ts';
import type { WindowMessage } from '../../../electron/store/window-messages.ts';

/** What a step of a made-up talk is; numbers are characters. */
export type Part =
  | { readonly kind: 'user'; readonly chars: number }
  | { readonly kind: 'answer'; readonly chars: number }
  | { readonly kind: 'calls'; readonly chars: readonly number[]; readonly open?: boolean }
  | { readonly kind: 'note'; readonly chars: number }
  | { readonly kind: 'summary'; readonly chars: number };

/** Words of about so many characters, the same for the same seed. */
export function words(chars: number, seed = 0): string {
  const list = ['tea', 'garden', 'river', 'Lisbon', 'seven', 'keeps', 'blue', 'window', 'plan', 'maybe'];
  let text = '';
  for (let at = seed; text.length < chars; at += 1) text += `${list[at % list.length] ?? ''} `;
  return text.slice(0, chars);
}

/** The window of a talk made of these parts, in order. */
export function windowOf(parts: readonly Part[]): WindowItem[] {
  const items: WindowItem[] = [];
  let seq = 10;
  const push = (message: Pick<WindowMessage, 'role' | 'text'> & Partial<WindowMessage>): void => {
    seq += 1;
    const { text } = message;
    const full: WindowMessage = {
      id: `message-${seq}`,
      seq,
      name: null,
      content: [{ type: 'text', text }],
      tool_calls: [],
      tool_call_id: null,
      tool_status: null,
      status: 'complete',
      token_count: countTokens(text),
      created_at: '2026-01-01T00:00:00.000000Z',
      timezone: 'UTC',
      ...message,
    };
    items.push({ ord: items.length + 1, kind: 'message', message: full, short: null });
  };
  for (const part of parts) {
    if (part.kind === 'user') push({ role: 'user', text: words(part.chars, seq) });
    else if (part.kind === 'answer') push({ role: 'assistant', text: words(part.chars, seq) });
    else if (part.kind === 'calls') pushCalls(part, push, seq);
    else {
      const text = words(part.chars, seq);
      const kind = part.kind === 'note' ? 'note' : 'summary';
      items.push({ ord: items.length + 1, kind, ref: `${part.kind}-${items.length}`, text });
    }
  }
  return items;
}

function pushCalls(
  part: Extract<Part, { kind: 'calls' }>,
  push: (message: Pick<WindowMessage, 'role' | 'text'> & Partial<WindowMessage>) => void,
  seq: number,
): void {
  const tool_calls = part.chars.map((_chars, index) => ({
    tool_call_id: `call-${seq}-${index}`,
    name: 'conversation_search',
    arguments: '{"query":"tea"}',
  }));
  push({ role: 'assistant', text: '', tool_calls, token_count: 8 * tool_calls.length });
  for (const [index, chars] of part.chars.entries()) {
    if (part.open === true && index === part.chars.length - 1) continue;
    const tool_call_id = `call-${seq}-${index}`;
    push({ role: 'tool', name: 'conversation_search', text: words(chars, seq), tool_call_id });
  }
}
