import type { ChatMessage, ModelRequest } from './model.ts';
import { type ChatQuirks, PLAIN_QUIRKS } from './preset.ts';

/** The JSON body of a chat-completions request, as it goes over the wire. */
export type ChatBody = {
  readonly model: string;
  readonly messages: readonly Record<string, unknown>[];
  readonly tools?: readonly Record<string, unknown>[];
  readonly tool_choice?: ModelRequest['tool_choice'];
  readonly parallel_tool_calls?: boolean;
  readonly temperature?: number;
  readonly max_tokens?: number;
  readonly max_completion_tokens?: number;
  readonly stream: true;
  readonly stream_options?: { readonly include_usage: true };
};

/**
 * Writes a request as a chat-completions body. What is `null` or empty is left out, since providers refuse `tools: []`
 * and a `tool_choice` without tools. Equal requests give equal key order.
 */
export function chatBody(request: ModelRequest, quirks: ChatQuirks = PLAIN_QUIRKS): ChatBody {
  return {
    model: request.model,
    messages: (quirks.alternates ? alternating(request.messages) : request.messages).map(wireMessage),
    ...(request.tools.length === 0
      ? {}
      : {
          tools: request.tools.map((tool) => ({
            type: 'function',
            function: { name: tool.name, description: tool.description, parameters: tool.parameters },
          })),
          tool_choice: request.tool_choice,
          ...(quirks.parallel_tool_calls ? { parallel_tool_calls: request.parallel_tool_calls } : {}),
        }),
    ...(request.temperature === null ? {} : { temperature: request.temperature }),
    ...(request.max_output_tokens === null ? {} : { [quirks.output_limit]: request.max_output_tokens }),
    stream: true,
    ...(quirks.stream_options ? { stream_options: { include_usage: true } } : {}),
  };
}

function wireMessage(message: ChatMessage): Record<string, unknown> {
  if (message.role !== 'assistant') return { ...message };
  if (message.tool_calls === undefined || message.tool_calls.length === 0) {
    return { role: 'assistant', content: message.content };
  }
  return {
    role: 'assistant',
    content: message.content,
    tool_calls: message.tool_calls.map((call) => ({
      id: call.id,
      type: 'function',
      function: { name: call.name, arguments: call.arguments },
    })),
  };
}

const EARLIER = {
  role: 'user',
  content: '<system_note>\nThe talk goes on from earlier.\n</system_note>',
} as const;
const NO_WORDS = { role: 'assistant', content: '…' } as const;

/**
 * The same talk for templates that count: apart from calls and their results, people and assistant have to take turns,
 * and people begin. Neighbours become one message; where a turn ended with results, a sign stands for the words that
 * never came.
 */
function alternating(messages: readonly ChatMessage[]): ChatMessage[] {
  const taken: ChatMessage[] = [];
  let last: 'user' | 'assistant' | null = null;
  for (const message of messages) {
    const before = taken.at(-1);
    if (message.role === 'user' && before?.role === 'user') {
      taken[taken.length - 1] = { ...before, content: `${before.content}\n\n${message.content}` };
      continue;
    }
    if (message.role === 'user' && last === 'user') taken.push(NO_WORDS);
    if (message.role === 'assistant' && last === null) {
      taken.push(EARLIER);
      last = 'user';
    }
    taken.push(message);
    if (message.role === 'user') last = 'user';
    if (message.role === 'assistant' && message.tool_calls === undefined) last = 'assistant';
  }
  return taken;
}
