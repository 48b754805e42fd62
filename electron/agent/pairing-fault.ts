/** What matters of a message for pairing. */
export type PairedMessage = {
  readonly role: string;
  readonly tool_calls?: readonly { readonly id: string }[];
  readonly tool_call_id?: string;
};

/**
 * Says what a strict provider would refuse about the tool messages of a request, or `null`: every call needs exactly
 * one result, right after the message that made it, and every result a call.
 */
export function pairingFault(messages: readonly PairedMessage[]): string | null {
  const seen = new Set<string>();
  const open = new Set<string>();
  for (const [index, message] of messages.entries()) {
    if (message.role === 'tool') {
      const id = message.tool_call_id ?? '';
      if (!open.delete(id)) {
        return `messages[${index}]: a message of role 'tool' must answer a call of the assistant message before it (id ${id})`;
      }
      continue;
    }
    if (open.size > 0) return `messages[${index}]: these calls have no result: ${[...open].join(', ')}`;
    for (const call of message.tool_calls ?? []) {
      if (seen.has(call.id)) return `messages[${index}]: the call id ${call.id} is used twice`;
      seen.add(call.id);
      open.add(call.id);
    }
    if (message.tool_calls?.length === 0) return `messages[${index}]: tool_calls is empty`;
  }
  return open.size > 0 ? `these calls have no result: ${[...open].join(', ')}` : null;
}
