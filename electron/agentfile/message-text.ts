import type { V2Message } from './versions/v2.ts';

/** Parts of a message's content, text made a part. */
export function contentParts(
  message: V2Message,
): readonly { readonly type: string; readonly [key: string]: unknown }[] {
  if (typeof message.content === 'string') return [{ type: 'text', text: message.content }];
  return message.content ?? [];
}

/**
 * What was said in a message: the words a tool sent for a MemGPT agent (its plain text is thought), the words inside a
 * packed user message, the text parts of others. Empty for logins and heartbeats.
 */
export function spokenText(message: V2Message): string {
  const sent = (message.tool_calls ?? [])
    .filter((call) => call.function.name === 'send_message')
    .map((call) => readObject(call.function.arguments)?.['message'])
    .filter((text) => typeof text === 'string');
  if (sent.length > 0) return sent.join('\n');
  const text = plainText(message);
  return message.role === 'user' ? unpackUser(text) : text;
}

function plainText(message: V2Message): string {
  return contentParts(message)
    .map((part) => (part.type === 'text' ? part['text'] : undefined))
    .filter((text) => typeof text === 'string')
    .join('\n');
}

// MemGPT agents wrap what the user wrote, and tell of logins and heartbeats in the same place.
function unpackUser(text: string): string {
  const packed = readObject(text);
  if (packed === null || typeof packed['type'] !== 'string') return text;
  if (packed['type'] === 'login' || packed['type'] === 'heartbeat') return '';
  return typeof packed['message'] === 'string' ? packed['message'] : text;
}

/** Whether the result of a tool says that it failed. */
export function toolStatus(message: V2Message, index: number): 'success' | 'error' {
  const told = message.tool_returns?.[index]?.status ?? readObject(plainText(message))?.['status'];
  return told === 'error' || told === 'Failed' ? 'error' : 'success';
}

function readObject(text: string): Record<string, unknown> | null {
  if (!text.trimStart().startsWith('{')) return null;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
}
