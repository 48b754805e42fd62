import { AppError } from '../../shared/errors.ts';
import type { Clock } from '../store/clock.ts';
import type { Read } from '../store/database.ts';
import { countQueued } from '../store/inbox.ts';
import { listDraftsOfAgent } from '../store/drafts.ts';
import { fromJson, toJson } from '../store/encoding.ts';
import { type BackupRow, type BackupRows, measureTraces, readBackupRows } from '../store/import.ts';
import { createPause } from '../store/pause.ts';
import { closeDrafts } from './close-drafts.ts';
import { closeOpenRuns } from './close-open.ts';
import { exportBlocks } from './export-blocks.ts';
import { exportConfig, exportGroups, type Foreign } from './export-config.ts';
import { exportMessages } from './export-messages.ts';
import { warnOfLeaks } from './leaks.ts';
import type { AgentOrigin } from './origin.ts';
import { stripMessages } from './remap.ts';
import { withoutSecrets } from './secrets.ts';
import { warnOfTrash, withoutTrash } from './trash.ts';
import { exportTools, type ToolSchema } from './export-tools.ts';
import { textsOfRows, textsOfTools } from './texts.ts';
import { MEMOIR_FORMAT_VERSION } from './versions/memoir-v2.ts';

/** How to export. */
export type ExportOptions = {
  /** Leaves out what was said, and the trash. */
  readonly scrub_messages: boolean;
  /** Takes the raw requests and answers of steps along; `true` when left out. */
  readonly include_traces?: boolean | undefined;
  /** Tokens the agent's model can hold, where that is known. */
  readonly model_window?: number | undefined;
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
  const traces = await chooseTraces(read, agent_id, options);
  const moment = await read.transaction().execute(async (tx) => ({
    rows: await readBackupRows(tx, agent_id, traces),
    drafts: await listDraftsOfAgent(tx, agent_id),
    queued: await countQueued(tx, agent_id),
  }));
  const found = closeOpenRuns(closeDrafts(moment.rows, moment.drafts, options.clock), options.clock);
  const rows = cleanRows(options.scrub_messages ? withoutTrash(stripMessages(found)) : found, options);
  const agent = rows.agent[0];
  if (agent === undefined || agent['deleted_at'] !== null) {
    throw new AppError('not_found', 'This agent is not here; it may be in the trash.', {
      details: { agent_id },
    });
  }
  const file = buildFile(rows, agent, options);
  const texts = [...textsOfRows(rows), ...textsOfTools(file.tools)];
  const leaks = await warnOfLeaks(texts, createPause());
  const warnings = [...traces.warnings, ...warnOfQueue(moment.queued), ...warnOfTrash(rows), ...leaks];
  return { file, warnings };
}

function warnOfQueue(queued: number): string[] {
  if (queued === 0) return [];
  const what =
    queued === 1 ? '1 message waits for its turn and is' : `${queued} messages wait for their turn and are`;
  return [`${what} not in the file, since both agents would answer. Export again when nothing waits.`];
}

// A text of a file longer than half a gigabyte can not be made at all.
const MAX_TRACE_CHARS = 200_000_000;

async function chooseTraces(
  read: Read,
  agent_id: string,
  { scrub_messages, include_traces = true }: ExportOptions,
): Promise<{ readonly include_traces: boolean; readonly warnings: readonly string[] }> {
  if (scrub_messages || !include_traces) return { include_traces: false, warnings: [] };
  const size = await measureTraces(read, agent_id);
  if (size <= MAX_TRACE_CHARS) return { include_traces: true, warnings: [] };
  const warning =
    `The raw requests and answers of this agent's steps take ${Math.round(size / 1e6)} MB, too much for one file; they ` +
    'are left out. All else is in it.';
  return { include_traces: false, warnings: [warning] };
}

function buildFile(
  rows: BackupRows,
  agent: BackupRow,
  options: ExportOptions,
): { readonly tools: readonly Readonly<Record<string, unknown>>[]; readonly [key: string]: unknown } {
  const foreign = fromJson<Foreign>(String(agent['foreign_fields']));
  const origin = foreign.agent_file;
  const names = fromJson<string[]>(String(agent['tools']));
  const tools = exportTools(names, origin, options.toolSchemas);
  const blocks = exportBlocks(rows, origin);
  const { messages, in_context } = exportMessages(rows, systemMessage(rows, origin, options), options);
  const { agents: _a, ...file } = origin?.file ?? {};
  const config = exportConfig(agent, foreign, options.model_window);
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

function cleanRows(rows: BackupRows, { scrub_messages }: ExportOptions): BackupRows {
  const clean = (foreign: Foreign): Foreign =>
    withoutSecrets(scrub_messages ? withoutSystemMessage(foreign) : foreign) as Foreign;
  return {
    ...rows,
    agent: rows.agent.map((row) => ({
      ...row,
      foreign_fields: toJson(clean(fromJson<Foreign>(String(row['foreign_fields'])))),
    })),
    agent_version: rows.agent_version.map((row) => {
      const config = fromJson<{ readonly foreign?: Foreign }>(String(row['config']));
      if (config.foreign === undefined) return row;
      return { ...row, config: toJson({ ...config, foreign: clean(config.foreign) }) };
    }),
  };
}

// The compiled prompt of the file that an agent came from holds its blocks as they were, deleted ones with them.
function withoutSystemMessage(foreign: Foreign): Foreign {
  const { agent_file } = foreign;
  return agent_file === undefined
    ? foreign
    : { ...foreign, agent_file: { ...agent_file, system_message: null } };
}

function systemMessage(
  rows: BackupRows,
  origin: AgentOrigin | undefined,
  options: ExportOptions,
): Record<string, unknown> {
  const came = origin?.system_message ?? null;
  if (came !== null && isUntouched(rows, origin)) return came;
  const text = options.compiled_prompt ?? String(rows.agent[0]?.['system'] ?? '');
  return { ...came, role: 'system', content: [{ type: 'text', text }], created_at: options.clock.now() };
}

function isUntouched(rows: BackupRows, origin: AgentOrigin | undefined): boolean {
  const living = rows.block.filter((row) => row['deleted_at'] === null);
  const here = new Set(living.map((row) => row['id']));
  const versions = [...rows.agent, ...rows.block].map((row) => row['version']);
  return (
    versions.every((version) => version === 1) &&
    Object.keys(origin?.blocks ?? {}).every((id) => here.has(id))
  );
}
