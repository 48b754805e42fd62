import { AppError } from '../../shared/errors.ts';
import type { Clock } from '../store/clock.ts';
import type { Read } from '../store/database.ts';
import { fromJson } from '../store/encoding.ts';
import { type BackupRow, type BackupRows, readBackupRows } from '../store/import.ts';
import { closeOpenRuns } from './close-open.ts';
import { exportBlocks } from './export-blocks.ts';
import { exportConfig, exportGroups, type Foreign } from './export-config.ts';
import { exportMessages } from './export-messages.ts';
import { warnOfLeaks } from './leaks.ts';
import type { AgentOrigin } from './origin.ts';
import { stripMessages } from './remap.ts';
import { withoutSecrets } from './secrets.ts';
import { exportTools, type ToolSchema } from './export-tools.ts';
import { textsOfRows, textsOfTools } from './texts.ts';
import { MEMOIR_FORMAT_VERSION } from './versions/memoir-v1.ts';

/** How to export. */
export type ExportOptions = {
  readonly scrub_messages: boolean;
  readonly clock: Clock;
  /** The built-in tools, by name. */
  readonly toolSchemas: ReadonlyMap<string, ToolSchema>;
  /** The compiled system prompt; the agent's plain instructions when left out. */
  readonly compiled_prompt?: string | undefined;
};

/** A file to write and what to know before it is shared, in sentences. */
export type ExportedFile = {
  readonly file: Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
};

/**
 * An agent as a current-generation `.af` object with Memoir's own key: blocks, archive, all conversations and versions.
 * Values of secrets are left out; texts that hold what looks like one stay, and are told. Throws `not_found`.
 */
export async function exportAgent(
  read: Read,
  agent_id: string,
  options: ExportOptions,
): Promise<ExportedFile> {
  // A run that goes on is interrupted in the file: neither Memoir nor Letta can take up a call without its result.
  const found = closeOpenRuns(await readBackupRows(read, agent_id), options.clock);
  const rows = withoutRowSecrets(options.scrub_messages ? stripMessages(found) : found);
  const agent = rows.agent[0];
  if (agent === undefined || agent['deleted_at'] !== null) {
    throw new AppError('not_found', 'This agent is not here; it may be in the trash.', {
      details: { agent_id },
    });
  }
  const file = buildFile(rows, agent, options);
  const texts = [...textsOfRows(rows), ...textsOfTools(file.tools)];
  return { file, warnings: warnOfLeaks(texts) };
}

function buildFile(
  rows: BackupRows,
  agent: BackupRow,
  options: ExportOptions,
): { readonly tools: readonly Readonly<Record<string, unknown>>[]; readonly [key: string]: unknown } {
  const foreign = withoutSecrets(fromJson<Foreign>(String(agent['foreign_fields']))) as Foreign;
  const origin = foreign.agent_file;
  const names = fromJson<string[]>(String(agent['tools']));
  const tools = exportTools(names, origin, options.toolSchemas);
  const blocks = exportBlocks(rows, origin);
  const { messages, in_context } = exportMessages(rows, systemMessage(rows, origin, options), options);
  const { agents: _a, ...file } = origin?.file ?? {};
  const config = exportConfig(agent, foreign);
  const { groups, group_ids } = exportGroups(file['groups'], config);
  return {
    files: [],
    sources: [],
    mcp_servers: [],
    skills: [],
    metadata: { revision_id: null },
    ...file,
    groups,
    agents: [
      {
        ...config,
        group_ids,
        tool_ids: tools.slice(0, names.length).map((tool) => tool['id']),
        block_ids: blocks.map((block) => block['id']),
        in_context_message_ids: in_context,
        messages,
      },
    ],
    blocks: [...blocks, ...(origin?.unattached_blocks ?? [])],
    tools,
    created_at: options.clock.now(),
    memoir: { format_version: MEMOIR_FORMAT_VERSION, scrubbed: options.scrub_messages, rows },
  };
}

function withoutRowSecrets(rows: BackupRows): BackupRows {
  const clean = (text: unknown): string => JSON.stringify(withoutSecrets(JSON.parse(String(text))));
  return {
    ...rows,
    agent: rows.agent.map((row) => ({ ...row, foreign_fields: clean(row['foreign_fields']) })),
    agent_version: rows.agent_version.map((row) => ({ ...row, config: clean(row['config']) })),
  };
}

function systemMessage(
  rows: BackupRows,
  origin: AgentOrigin | undefined,
  options: ExportOptions,
): Record<string, unknown> {
  const untouched = rows.agent[0]?.['version'] === 1 && rows.block.every((row) => row['version'] === 1);
  const came = origin?.system_message ?? null;
  if (came !== null && untouched) return came;
  const text = options.compiled_prompt ?? String(rows.agent[0]?.['system'] ?? '');
  return { ...came, role: 'system', content: [{ type: 'text', text }], created_at: options.clock.now() };
}
