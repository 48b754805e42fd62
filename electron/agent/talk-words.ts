import type { ChatMessage } from '../models/model.ts';

// What the summaries of a window begin with.
const SUMMARY_TAG = '<conversation_summary>';

/** A summary as a request shows it. Its words can not close its tag: they may quote what a stranger wrote. */
export function tagSummary(text: string): string {
  return `${SUMMARY_TAG}\n${text.replaceAll(/<\/(?=\s*conversation_summary)/giu, '<\\/')}\n</conversation_summary>`;
}

/** Whether a message of a request is a summary of what left the window. */
export function isSummary(message: ChatMessage): boolean {
  return message.role === 'user' && message.content.startsWith(`${SUMMARY_TAG}\n`);
}

/** The summaries among the messages of a request, word for word. */
export function wordsOfSummaries(messages: readonly ChatMessage[]): string {
  return messages.flatMap((message) => (isSummary(message) ? [message.content ?? ''] : [])).join('\n\n');
}

/** What else is said in a request, word for word: each message under its speaker, calls with their arguments. */
export function wordsOfTalk(messages: readonly ChatMessage[]): string {
  return messages
    .filter((message) => message.role !== 'system' && !isSummary(message))
    .map(wordsOfMessage)
    .join('\n\n');
}

function wordsOfMessage(message: ChatMessage): string {
  const calls =
    message.role === 'assistant'
      ? (message.tool_calls ?? []).map((call) => `${call.name}(${call.arguments})`)
      : [];
  const said = message.content === null || message.content === '' ? [] : [message.content];
  return [`[${message.role}]`, ...said, ...calls].join('\n');
}
