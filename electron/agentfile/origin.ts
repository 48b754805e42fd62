import type { V2Agent, V2Block, V2File, V2Message } from './versions/v2.ts';
import { withoutSecrets } from './secrets.ts';

/** What an agent remembers of the file it came from, in `foreign.agent_file`: all that Memoir does not act on. */
export type AgentOrigin = {
  readonly agent: Readonly<Record<string, unknown>>;
  readonly system_message: V2Message | null;
  /** Blocks as they came, without their text, by their id here. */
  readonly blocks: Readonly<Record<string, Omit<V2Block, 'value'>>>;
  readonly unattached_blocks: readonly V2Block[];
  /** Tools by name, with code; nothing of it runs. */
  readonly tools: readonly Readonly<Record<string, unknown>>[];
  readonly file: Readonly<Record<string, unknown>>;
};

/** Fields of an agent in a file that Memoir holds in columns of its own. */
const OWN_FIELDS = new Set([
  'id',
  'name',
  'agent_type',
  'description',
  'system',
  'metadata',
  'tags',
  'timezone',
  'messages',
  'block_ids',
  'tool_ids',
  'in_context_message_ids',
  'agent_file',
]);

/** Collects what to keep of a file for an agent: its unknown fields by their own names, the rest in `agent_file`. */
export function foreignOf(
  file: V2File,
  agent: V2Agent,
  {
    ids,
    system_message,
  }: { readonly ids: ReadonlyMap<string, string>; readonly system_message: V2Message | null },
): Readonly<Record<string, unknown>> {
  const entries = Object.entries(agent);
  const attached = new Set(file.agents.flatMap((one) => one.block_ids ?? []));
  const used = new Set(file.agents.flatMap((one) => one.tool_ids ?? []));
  const first = agent === file.agents[0];
  const { agents: _agents, blocks: _blocks, tools: _tools, ...rest } = file;
  const origin: AgentOrigin = {
    agent: Object.fromEntries(
      entries.filter(([key]) => ['id', 'metadata', 'tags', 'timezone', 'description'].includes(key)),
    ),
    system_message,
    blocks: Object.fromEntries(
      file.blocks
        .filter((block) => agent.block_ids?.includes(block.id))
        .map(({ value: _value, ...block }) => [ids.get(block.id) ?? block.id, block]),
    ),
    unattached_blocks: first ? file.blocks.filter((block) => !attached.has(block.id)) : [],
    tools: file.tools.filter((tool) => agent.tool_ids?.includes(tool.id) || (first && !used.has(tool.id))),
    file: rest,
  };
  const unknown = entries.filter(([key]) => !OWN_FIELDS.has(key));
  return withoutSecrets({ ...Object.fromEntries(unknown), agent_file: origin });
}
