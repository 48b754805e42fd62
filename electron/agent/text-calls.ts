import type { Model, ModelResponse, ModelToolCall } from '../models/model.ts';
import type { AgentRecord } from '../store/agents.ts';
import { mendJson } from '../tools/mend-json.ts';
import type { Tool } from '../tools/tool.ts';

/** Calls found in a text, and the text without them. */
export type TextCalls = { readonly text: string; readonly calls: readonly Omit<ModelToolCall, 'id'>[] };

type Found = { readonly start: number; readonly end: number; readonly calls: TextCalls['calls'] };

/**
 * Finds tool calls a model wrote into its text, in the forms of Hermes and Qwen (`<tool_call>`), Llama (`<function=`),
 * Mistral (`[TOOL_CALLS]`) and fenced JSON with a name and arguments. Only calls of `names` count; everything else stays
 * as it is.
 */
export function findTextCalls(text: string, names: ReadonlySet<string>): TextCalls {
  const found = [
    ...findTagged(text, names),
    ...findFunctions(text, names),
    ...findMistral(text, names),
    ...findFenced(text, names),
  ].toSorted((a, b) => a.start - b.start);
  const parts: string[] = [];
  const calls: Omit<ModelToolCall, 'id'>[] = [];
  let at = 0;
  for (const each of found) {
    // A fence inside of a tag was found twice.
    if (each.start < at) continue;
    parts.push(text.slice(at, each.start));
    calls.push(...each.calls);
    at = each.end;
  }
  if (calls.length === 0) return { text, calls };
  return { text: [...parts, text.slice(at)].join('').trim(), calls };
}

/** A model whose calls in the text are taken as calls, where the agent's settings ask for it. */
export function hearTextCalls(
  model: Model,
  { model_settings }: Pick<AgentRecord, 'model_settings'>,
  tools: readonly Pick<Tool, 'name'>[],
): Model {
  if (model_settings.text_tool_calls !== true) return model;
  const names = new Set(tools.map(({ name }) => name));
  return {
    ...model,
    answer: async (request, options) => withTextCalls(await model.answer(request, options), names),
  };
}

function withTextCalls(response: ModelResponse, names: ReadonlySet<string>): ModelResponse {
  if (response.tool_calls.length > 0) return response;
  const { text, calls } = findTextCalls(response.text, names);
  if (calls.length === 0) return response;
  return {
    ...response,
    text,
    tool_calls: calls.map((call) => ({ id: '', ...call })),
    finish_reason: response.finish_reason === 'stop' ? 'tool_calls' : response.finish_reason,
    repairs: [
      ...(response.repairs ?? []),
      `took ${calls.length} ${calls.length === 1 ? 'call' : 'calls'} from the text of the answer`,
    ],
  };
}

function findTagged(text: string, names: ReadonlySet<string>): Found[] {
  return matches(text, /<tool_call>\s*([\s\S]*?)\s*<\/tool_call>/gu, ([body = '']) => {
    // Qwen3-Coder puts Llama's form inside of its tag.
    const inner = findFunctions(body, names).flatMap(({ calls }) => calls);
    return inner.length > 0 ? inner : readCalls(body, names);
  });
}

function findFunctions(text: string, names: ReadonlySet<string>): Found[] {
  return matches(text, /<function=([\w-]+)>\s*([\s\S]*?)\s*<\/function>/gu, ([name = '', body = '']) =>
    names.has(name) ? [{ name, arguments: readParameters(body) ?? body }] : [],
  );
}

/** `<parameter=label>human</parameter>`: Qwen3-Coder's way; the values are texts. */
function readParameters(body: string): string | null {
  const found = [...body.matchAll(/<parameter=([\w-]+)>\n?([\s\S]*?)\n?<\/parameter>/gu)];
  if (found.length === 0) return null;
  return JSON.stringify(Object.fromEntries(found.map(([, name = '', value = '']) => [name, value])));
}

function findMistral(text: string, names: ReadonlySet<string>): Found[] {
  const start = text.indexOf('[TOOL_CALLS]');
  if (start === -1) return [];
  const body = text.slice(start + '[TOOL_CALLS]'.length).trim();
  const named = /^([\w-]+)(?:\[ARGS\])?\s*(\{[\s\S]*\})$/u.exec(body);
  const calls =
    named?.[1] !== undefined && names.has(named[1])
      ? [{ name: named[1], arguments: named[2] ?? '' }]
      : readCalls(body, names);
  return calls.length === 0 ? [] : [{ start, end: text.length, calls }];
}

function findFenced(text: string, names: ReadonlySet<string>): Found[] {
  return matches(text, /```(?:json|tool_call|tool)?[ \t]*\n([\s\S]*?)\n[ \t]*```/gu, ([body = '']) =>
    readCalls(body, names),
  );
}

function matches(
  text: string,
  pattern: RegExp,
  read: (groups: readonly (string | undefined)[]) => TextCalls['calls'],
): Found[] {
  return [...text.matchAll(pattern)].flatMap((match) => {
    const calls = read(match.slice(1));
    return calls.length === 0 ? [] : [{ start: match.index, end: match.index + match[0].length, calls }];
  });
}

/** The calls of a JSON text: one `{name, arguments}` or a list of such. None unless all of them are known tools. */
function readCalls(body: string, names: ReadonlySet<string>): TextCalls['calls'] {
  const value = parse(body);
  const calls = (Array.isArray(value) ? (value as unknown[]) : [value]).map((each) => readCall(each, names));
  return calls.every((call) => call !== null) ? calls : [];
}

function readCall(value: unknown, names: ReadonlySet<string>): Omit<ModelToolCall, 'id'> | null {
  if (typeof value !== 'object' || value === null) return null;
  const { name, arguments: given, parameters } = value as Readonly<Record<string, unknown>>;
  const args = given ?? parameters;
  if (typeof name !== 'string' || !names.has(name) || args === undefined) return null;
  return { name, arguments: typeof args === 'string' ? args : JSON.stringify(args) };
}

function parse(body: string): unknown {
  const mended = mendJson(body, true);
  try {
    return JSON.parse(mended.ok ? mended.text : body);
  } catch {
    // Not JSON: then it is no call, and the text stays what it is.
    return null;
  }
}
