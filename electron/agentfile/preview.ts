import type { FilePreview } from '../../shared/contract/transfer.ts';
import { parseAgentFile } from './detect.ts';
import { buildHistory } from './history.ts';
import type { V2Agent, V2File } from './versions/v2.ts';

/**
 * Says what an import of a file would do; writes nothing. `known_tools` are the names of the tools that run here.
 * Throws `unsupported`.
 */
export function inspectAgentFile(text: string, known_tools: ReadonlySet<string>): FilePreview {
  const { kind, file, memoir } = parseAgentFile(text);
  const rows = memoir?.rows;
  return {
    kind,
    agents: file.agents.map((agent, index) => ({
      name: agent.name ?? agent.id,
      agent_type: agent.agent_type ?? 'memgpt_agent',
      model: modelOf(agent),
      blocks: file.blocks
        .filter((block) => agent.block_ids?.includes(block.id))
        .map((block) => ({ label: block.label, value: block.value, limit: block.limit ?? 0 })),
      messages: index === 0 && rows !== undefined ? rows.message.length : agent.messages.length,
      in_context: agent.in_context_message_ids?.length ?? 0,
      passages:
        index === 0 && rows !== undefined ? rows.passage.filter((row) => row.deleted_at === null).length : 0,
      tools: toolNames(file, agent),
    })),
    warnings: [
      ...file.agents.flatMap((agent) => warnOfTools(agent, toolNames(file, agent), known_tools)),
      ...listUnused(file),
      ...(memoir === null ? file.agents.flatMap((agent) => [...buildHistory(agent).repairs]) : []),
    ],
  };
}

/** Parts of a file that are kept for a later export but do nothing here yet, in sentences. */
export function listUnused(file: V2File): string[] {
  const parts: readonly [string, number][] = [
    ['files', file.files.length],
    ['sources', file.sources.length],
    ['groups', file.groups.length],
    ['MCP servers', file.mcp_servers.length],
    ['skills', file.skills?.length ?? 0],
  ];
  const told = parts
    .filter(([, count]) => count > 0)
    .map(
      ([name, count]) => `${count} ${name} in the file are kept for a later export but not used here yet.`,
    );
  const attached = new Set(file.agents.flatMap((agent) => agent.block_ids ?? []));
  const loose = file.blocks.filter((block) => !attached.has(block.id)).length;
  if (loose > 0) told.push(`${loose} blocks belong to no agent; they are kept for a later export only.`);
  for (const agent of file.agents) {
    if (agent.embedding_config === null || agent.embedding_config === undefined) {
      told.push(`${agent.name ?? agent.id} names no embedding model; its memory is searched by words.`);
    }
  }
  return told;
}

function warnOfTools(agent: V2Agent, names: readonly string[], known: ReadonlySet<string>): string[] {
  const unknown = names.filter((name) => !known.has(name));
  if (unknown.length === 0) return [];
  return [`${agent.name ?? agent.id} has tools that do not run here; they are kept: ${unknown.join(', ')}.`];
}

function toolNames(file: V2File, agent: V2Agent): string[] {
  return file.tools.filter((tool) => agent.tool_ids?.includes(tool.id)).map((tool) => tool.name ?? tool.id);
}

function modelOf(agent: V2Agent): string {
  const handle = agent.model ?? agent.llm_config?.['handle'] ?? agent.llm_config?.['model'];
  return typeof handle === 'string' ? handle : '';
}
