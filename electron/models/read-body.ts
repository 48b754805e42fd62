import { AppError } from '../../shared/errors.ts';
import type { ChatMessage, ModelRequest, ModelToolCall, ToolSchema } from './model.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a recorded body back into the request it was written from: a chat-completions body or one of the Messages API.
 * Thoughts that a provider signed are left out, since no other takes them. Throws `unsupported` for anything else.
 */
export function readBody(raw: string): ModelRequest {
  const body = objectOf(parse(raw));
  const { messages } = body;
  if (typeof body['model'] !== 'string' || !Array.isArray(messages)) throw unreadable();
  const isMessagesApi = Array.isArray(body['system']) || hasInputSchema(body['tools']) || hasBlocks(messages);
  const talk = messages.map(objectOf);
  return {
    ...commonOf(body),
    model: body['model'],
    messages: isMessagesApi ? [...systemOf(body['system']), ...talk.flatMap(fromBlocks)] : talk.map(fromChat),
    tools: listOf(body['tools']).map(isMessagesApi ? fromAnthropicTool : fromFunctionTool),
  };
}

function parse(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    // Of a step that was cut before anything was sent, or of another kind of provider.
    throw unreadable();
  }
}

function unreadable(): AppError {
  return new AppError(
    'unsupported',
    'The recorded request of this step is of a form that can not be asked again. It can still be read.',
  );
}

function commonOf(body: Fields): Omit<ModelRequest, 'model' | 'messages' | 'tools'> {
  const choice = body['tool_choice'];
  const kind = typeof choice === 'string' ? choice : objectOf(choice ?? {})['type'];
  const one_call =
    body['parallel_tool_calls'] === false || objectOf(choice ?? {})['disable_parallel_tool_use'] === true;
  return {
    tool_choice: kind === 'none' ? 'none' : kind === 'required' || kind === 'any' ? 'required' : 'auto',
    parallel_tool_calls: !one_call,
    temperature: numberOf(body['temperature']),
    max_output_tokens: numberOf(body['max_completion_tokens'] ?? body['max_tokens']),
    thinking_budget: numberOf(objectOf(body['thinking'] ?? {})['budget_tokens']),
  };
}

function fromChat(message: Fields): ChatMessage {
  const { role, content } = message;
  const text = typeof content === 'string' ? content : '';
  if (role === 'system' || role === 'developer') return { role: 'system', content: text };
  if (role === 'tool') return { role, tool_call_id: textOf(message['tool_call_id']), content: text };
  if (role !== 'assistant') {
    const { name } = message;
    return { role: 'user', content: text, ...(typeof name === 'string' ? { name } : {}) };
  }
  const tool_calls = listOf(message['tool_calls']).map((call): ModelToolCall => {
    const made = objectOf(call['function'] ?? {});
    return { id: textOf(call['id']), name: textOf(made['name']), arguments: textOf(made['arguments']) };
  });
  const said = typeof content === 'string' ? content : null;
  return { role, content: said, ...(tool_calls.length === 0 ? {} : { tool_calls }) };
}

/** A turn of the Messages API holds results and words side by side; apart they are messages of their own. */
function fromBlocks({ role, content }: Fields): ChatMessage[] {
  const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : listOf(content);
  if (role === 'assistant') return [assistantOf(blocks)];
  return blocks.flatMap((block): ChatMessage[] => {
    if (block['type'] === 'text') return [{ role: 'user', content: textOf(block['text']) }];
    if (block['type'] !== 'tool_result') return [];
    const tool_call_id = textOf(block['tool_use_id']);
    return [{ role: 'tool', tool_call_id, content: textOf(block['content']) }];
  });
}

function assistantOf(blocks: readonly Fields[]): ChatMessage {
  const text = blocks.flatMap((block) => (block['type'] === 'text' ? [textOf(block['text'])] : [])).join('');
  const tool_calls = blocks.flatMap((block): ModelToolCall[] =>
    block['type'] === 'tool_use'
      ? [
          {
            id: textOf(block['id']),
            name: textOf(block['name']),
            arguments: JSON.stringify(block['input'] ?? {}),
          },
        ]
      : [],
  );
  return {
    role: 'assistant',
    content: text === '' ? null : text,
    ...(tool_calls.length === 0 ? {} : { tool_calls }),
  };
}

function systemOf(system: unknown): ChatMessage[] {
  const content = listOf(system)
    .map((block) => textOf(block['text']))
    .join('\n\n');
  return content === '' ? [] : [{ role: 'system', content }];
}

function fromFunctionTool(tool: Fields): ToolSchema {
  const made = objectOf(tool['function'] ?? {});
  return {
    name: textOf(made['name']),
    description: textOf(made['description']),
    parameters: objectOf(made['parameters'] ?? {}),
  };
}

function fromAnthropicTool(tool: Fields): ToolSchema {
  return {
    name: textOf(tool['name']),
    description: textOf(tool['description']),
    parameters: objectOf(tool['input_schema'] ?? {}),
  };
}

function hasInputSchema(tools: unknown): boolean {
  return listOf(tools).some((tool) => 'input_schema' in tool);
}

function hasBlocks(messages: readonly unknown[]): boolean {
  return messages.some((message) => Array.isArray(objectOf(message)['content']));
}

function objectOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(objectOf) : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
