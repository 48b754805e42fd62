import type { FilePreview } from '../../shared/contract/transfer.ts';
import { fromJson } from '../store/encoding.ts';
import type { BackupRow, BackupRows } from '../store/import.ts';
import type { AgentFile } from './detect.ts';
import { modelConfigOf } from './model-config.ts';
import { DEFAULT_LIMIT_CHARS } from './rows.ts';
import type { V2Agent, V2File } from './versions/v2.ts';

/** The agents that an import makes. Of a Memoir backup this is what its rows say: the Letta part is not read. */
export function fileAgents({ file, memoir }: AgentFile): FilePreview['agents'] {
  if (memoir !== null) return memoir.rows.agent.map((agent) => agentOfRows(agent, memoir.rows));
  return file.agents.map((agent) => agentOfFile(file, agent));
}

function agentOfFile(file: V2File, agent: V2Agent): FilePreview['agents'][number] {
  const tools = file.tools.filter((tool) => agent.tool_ids?.includes(tool.id));
  return {
    name: agent.name ?? agent.id,
    agent_type: agent.agent_type ?? 'memgpt_agent',
    model: modelConfigOf(agent, undefined).model,
    blocks: file.blocks
      .filter((block) => agent.block_ids?.includes(block.id))
      .map(({ label, value, limit }) => ({ label, value, limit: limit ?? DEFAULT_LIMIT_CHARS })),
    messages: agent.messages.length,
    in_context: agent.in_context_message_ids?.length ?? 0,
    passages: 0,
    tools: tools.map((tool) => tool.name ?? tool.id),
  };
}

function agentOfRows(agent: BackupRow, rows: BackupRows): FilePreview['agents'][number] {
  const home = rows.conversation.find((row) => row['is_default'] === 1)?.['id'];
  const attached = new Set(rows.agent_block.map((row) => row['block_id']));
  const blocks = rows.block.filter((row) => attached.has(row['id'] ?? null) && row['deleted_at'] === null);
  const shown = rows.window_entry.filter(
    (row) => row['conversation_id'] === home && row['kind'] === 'message',
  );
  return {
    name: String(agent['name']),
    agent_type: String(agent['agent_type']),
    model: String(agent['model']),
    blocks: blocks.map((row) => ({
      label: String(row['label']),
      value: String(row['value']),
      limit: Number(row['char_limit']),
    })),
    messages: rows.message.length,
    in_context: shown.length,
    passages: rows.passage.filter((row) => row['deleted_at'] === null).length,
    tools: fromJson<string[]>(String(agent['tools'])),
  };
}
