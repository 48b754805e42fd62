import type { MemoryTools, ProbeResult } from '../../shared/contract/providers.ts';
import { AppError } from '../../shared/errors.ts';
import type { Model, ModelRequest, ModelResponse } from './model.ts';

const TOOL = 'core_memory_append';

const QUESTION: Omit<ModelRequest, 'model'> = {
  messages: [
    {
      role: 'system',
      content:
        'You keep notes about the person you talk with. To keep a note you must call the tool core_memory_append; ' +
        'words alone are not kept.',
    },
    { role: 'user', content: 'Please note under the label "human": Likes green tea.' },
  ],
  tools: [
    {
      name: TOOL,
      description: 'Appends a note to a block of memory.',
      parameters: {
        type: 'object',
        properties: {
          label: { type: 'string', description: 'Label of the block, such as human.' },
          content: { type: 'string', description: 'The note.' },
        },
        required: ['label', 'content'],
      },
    },
  ],
  tool_choice: 'auto',
  parallel_tool_calls: false,
  temperature: null,
  // Models that think first need room before they call.
  max_output_tokens: 2000,
};

/**
 * Asks a model once to keep a note and looks at whether it calls the tool for it. Throws the model errors, unless what
 * the server refuses is the tool.
 */
export async function probeMemoryTools(model: Model, now: () => string): Promise<ProbeResult> {
  const name = model.handle.slice(model.handle.indexOf('/') + 1);
  const memory_tools = await ask(model, { ...QUESTION, model: name });
  return { handle: model.handle, memory_tools, message: messageOf(name, memory_tools), probed_at: now() };
}

async function ask(model: Model, request: ModelRequest): Promise<MemoryTools> {
  try {
    const signal = new AbortController().signal;
    return judge(await model.answer(request, { signal, onEvent: () => undefined }));
  } catch (error) {
    const is_refusal =
      error instanceof AppError &&
      error.code === 'model_error' &&
      /\btools?\b|tool_choice|function.?call/iu.test(error.message);
    if (is_refusal) return 'refused';
    throw error;
  }
}

function judge({ tool_calls }: ModelResponse): MemoryTools {
  const [call] = tool_calls;
  if (call === undefined) return 'no_tool_call';
  return call.name === TOOL && holdsNote(call.arguments) ? 'ok' : 'malformed';
}

function holdsNote(words: string): boolean {
  try {
    const { label, content } = JSON.parse(words) as { label?: unknown; content?: unknown };
    return typeof label === 'string' && typeof content === 'string' && /tea/iu.test(content);
  } catch {
    // Arguments that can't be read are what this looks for.
    return false;
  }
}

function messageOf(name: string, result: MemoryTools): string {
  switch (result) {
    case 'ok':
      return `${name} called the memory tool as asked.`;
    case 'no_tool_call':
      return `${name} answered in words instead of calling the memory tool, so it may forget what you tell it. Choose a model that calls tools.`;
    case 'malformed':
      return `${name} called the memory tool in a way that can not be read, so some memories may be lost. A larger model may do better.`;
    case 'refused':
      return `${name} can not use tools at this server, so it can not keep memory. Choose a model that calls tools.`;
  }
}
