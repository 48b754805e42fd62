import type { V2Agent, V2File } from './versions/v2.ts';

/** Finds an id that occurs twice or that nothing in the file has. A sentence about it, or `null` when all is sound. */
export function findDanglingReference(file: V2File): string | null {
  const ids = new Set<string>();
  for (const item of [
    ...file.agents,
    ...file.agents.flatMap((agent) => agent.messages),
    ...file.blocks,
    ...file.tools,
    ...file.sources,
    ...file.files,
    ...file.groups,
    ...file.mcp_servers,
  ]) {
    if (ids.has(item.id)) return `the id ${item.id} occurs twice.`;
    ids.add(item.id);
  }
  for (const agent of file.agents) {
    const missing = findMissing(agent, ids);
    if (missing !== null) return missing;
  }
  const homeless = file.files.find((one) => !ids.has(one.source_id));
  if (homeless !== undefined)
    return `file ${homeless.id} names ${homeless.source_id}, which is not in the file.`;
  return null;
}

function findMissing(agent: V2Agent, ids: ReadonlySet<string>): string | null {
  const own = new Set(agent.messages.map((message) => message.id));
  const lost = (agent.in_context_message_ids ?? []).find((id) => !own.has(id));
  if (lost !== undefined)
    return `agent ${agent.id} has ${lost} in its context, which is not among its messages.`;
  const named = [
    ...(agent.block_ids ?? []),
    ...(agent.tool_ids ?? []),
    ...(agent.source_ids ?? []),
    ...(agent.group_ids ?? []),
    ...(agent.files_agents ?? []).flatMap((link) => [link.file_id, link.source_id]),
  ];
  const missing = named.find((id) => !ids.has(id));
  return missing === undefined ? null : `agent ${agent.id} names ${missing}, which is not in the file.`;
}
