import type { AgentOrigin } from './origin.ts';

/** What the model is told of a built-in tool. `parameters` is a JSON Schema. */
export type ToolSchema = { readonly description: string; readonly parameters: unknown };

/**
 * The tools of an agent, in its order, then those of its file that no agent had. Tools of a file go back as they came;
 * built-in ones carry their schema and no code.
 */
export function exportTools(
  names: readonly string[],
  origin: AgentOrigin | undefined,
  schemas: ReadonlyMap<string, ToolSchema>,
): Record<string, unknown>[] {
  const came = new Map((origin?.tools ?? []).map((tool) => [tool['name'] ?? tool['id'], tool]));
  const taken = new Set([...came.values()].map((tool) => tool['id']));
  let next = 0;
  const freshId = (): string => {
    while (taken.has(`tool-${next}`)) next += 1;
    taken.add(`tool-${next}`);
    return `tool-${next}`;
  };
  const own = names.map((name) => came.get(name) ?? builtin(freshId(), name, schemas.get(name)));
  return [...own, ...[...came].filter(([name]) => !names.includes(String(name))).map(([, tool]) => tool)];
}

function builtin(id: string, name: string, schema: ToolSchema | undefined): Record<string, unknown> {
  const description = schema?.description ?? null;
  return {
    id,
    tool_type: /^(?:memory_|core_memory_)/u.test(name) ? 'letta_sleeptime_core' : 'letta_core',
    description,
    source_type: 'python',
    name,
    tags: ['letta_core'],
    source_code: null,
    json_schema: schema === undefined ? null : { name, description, parameters: schema.parameters },
    args_json_schema: null,
    return_char_limit: 50_000,
    pip_requirements: null,
    npm_requirements: null,
    metadata_: {},
  };
}
