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
    messages: request.messages.map(wireMessage),
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
