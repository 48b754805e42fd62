import { policiesOfRules } from '../../shared/tool-rules.ts';
import { countTokens } from '../models/tokens.ts';
import type { Agent as AgentRecord } from '../../shared/contract/agents.ts';
import { toJson } from '../store/encoding.ts';
import { toUtc } from './times.ts';
import { BACKUP_TABLES, type BackupRow, type BackupRows, type BackupTable } from '../store/import.ts';
import { buildHistory } from './history.ts';
import type { HistoryMessage } from './history-message.ts';
import { default_compaction } from '../../shared/contract/agents.ts';
import { compactionOf, isTimezone, modelConfigOf } from './model-config.ts';
import type { ImportOptions, ImportPlan, PlanOptions } from './plan.ts';
import { foreignOf } from './origin.ts';
import type { V2Agent, V2Block, V2File } from './versions/v2.ts';

/** Limit of a block that names none, in characters. */
export const DEFAULT_LIMIT_CHARS = 20_000;

type Plan = {
  readonly rows: Record<BackupTable, BackupRow[]>;
  readonly ids: Map<string, string>;
  readonly repairs: string[];
};

/** Plans the import of a file that another program wrote: rows of every agent in it, blocks shared as in the file. */
export async function buildRows(file: V2File, options: PlanOptions): Promise<ImportPlan> {
  const rows = Object.fromEntries(BACKUP_TABLES.map((table) => [table, [] as BackupRow[]])) as Plan['rows'];
  const plan: Plan = { rows, ids: new Map(), repairs: [] };
  const attached = new Set(file.agents.flatMap((agent) => agent.block_ids ?? []));
  for (const block of file.blocks) if (attached.has(block.id)) addBlock(plan, block, options);
  const agent_ids: string[] = [];
  for (const [index, agent] of file.agents.entries()) {
    const name = index === 0 ? options.name : undefined;
    agent_ids.push(await addAgent(plan, file, agent, { ...options, name }));
  }
  return { agent_ids, rows: rows satisfies BackupRows, ids: plan.ids, repairs: plan.repairs };
}

function addBlock(plan: Plan, block: V2Block, { clock }: ImportOptions): void {
  const id = clock.newId('block');
  const now = clock.now();
  const limit = block.limit ?? DEFAULT_LIMIT_CHARS;
  const settings = {
    label: block.label,
    description: block.description ?? null,
    limit,
    read_only: block.read_only ?? false,
    tags: block.tags ?? [],
    metadata: block.metadata ?? {},
  };
  plan.ids.set(block.id, id);
  plan.rows.block.push({
    id,
    label: block.label,
    value: block.value,
    description: settings.description,
    char_limit: limit,
    read_only: settings.read_only ? 1 : 0,
    review: 0,
    tags: toJson(settings.tags),
    metadata: toJson(settings.metadata),
    version: 1,
    created_at: now,
    updated_at: now,
    deleted_at: null,
  });
  plan.rows.block_version.push({
    id: clock.newId('change'),
    block_id: id,
    version: 1,
    agent_id: null,
    operation: 'import',
    label: block.label,
    before: null,
    after: block.value,
    settings: toJson(settings),
    actor: 'import',
    run_id: null,
    step_id: null,
    tool_call_id: null,
    message_id: null,
    conversation_id: null,
    reason: null,
    trust: 'direct_user',
    undoes: null,
    undone_by: null,
    digest: '',
    created_at: now,
  });
}

async function addAgent(plan: Plan, file: V2File, agent: V2Agent, options: PlanOptions): Promise<string> {
  const { clock } = options;
  const id = clock.newId('agent');
  const now = clock.now();
  plan.ids.set(agent.id, id);
  const history = await buildHistory(agent, options.pause);
  const block_ids = (agent.block_ids ?? []).map((foreign) => plan.ids.get(foreign) ?? foreign);
  const foreign = foreignOf(file, agent, { ids: plan.ids, system_message: history.system_message });
  const { tool_policies, ...config } = configOf(file, agent, options);
  const times = { version: 1, created_at: now, updated_at: now, last_run_at: null };
  plan.rows.agent.push({
    id,
    ...config,
    ...times,
    model_settings: toJson(config.model_settings),
    policies: toJson(tool_policies),
    compaction: toJson(compactionOf(agent)),
    tools: toJson(config.tools),
    tags: toJson(config.tags),
    metadata: toJson(config.metadata),
    foreign_fields: toJson(foreign),
    deleted_at: null,
  });
  const compaction = { ...default_compaction, ...compactionOf(agent) };
  const record = { id, ...config, compaction, tool_policies, foreign, ...times };
  plan.rows.agent_version.push({
    agent_id: id,
    version: 1,
    config: toJson(record),
    actor: 'import',
    created_at: now,
  });
  [...new Set(block_ids)].forEach((block_id, index) => {
    plan.rows.agent_block.push({ agent_id: id, block_id, ord: index + 1 });
  });
  const shown = options.strip_messages ? { messages: [], window: [] } : history;
  await addConversation(plan, id, shown, { ...options, timezone: config.timezone });
  if (!options.strip_messages) plan.repairs.push(...history.repairs);
  return id;
}

type AgentConfig = Pick<
  AgentRecord,
  | 'name'
  | 'description'
  | 'system'
  | 'model'
  | 'model_settings'
  | 'context_window_limit'
  | 'tool_policies'
  | 'tools'
  | 'tags'
  | 'timezone'
  | 'metadata'
> & { readonly agent_type: string };

function configOf(file: V2File, agent: V2Agent, options: ImportOptions): AgentConfig {
  const names = new Map(file.tools.map((tool) => [tool.id, tool.name ?? tool.id]));
  return {
    ...modelConfigOf(agent, options.model),
    name: options.name ?? agent.name ?? 'Imported agent',
    agent_type: agent.agent_type ?? 'memgpt_agent',
    description: agent.description ?? null,
    system: agent.system ?? '',
    tool_policies: policiesOf(file, agent),
    tools: [...new Set((agent.tool_ids ?? []).map((id) => names.get(id) ?? id))],
    tags: agent.tags ?? [],
    timezone: isTimezone(agent.timezone) ? agent.timezone : 'UTC',
    metadata: agent.metadata ?? {},
  };
}

/** Which tools ask first: those with a rule, and those that ask wherever they are attached. */
function policiesOf(file: V2File, agent: V2Agent): AgentConfig['tool_policies'] {
  const rules = Array.isArray(agent['tool_rules']) ? (agent['tool_rules'] as unknown[]) : [];
  const own = file.tools.filter((tool) => agent.tool_ids?.includes(tool.id));
  const asking = own.filter((tool) => tool['default_requires_approval'] === true);
  return {
    ...Object.fromEntries(asking.map((tool) => [tool.name ?? tool.id, 'ask' as const])),
    ...policiesOfRules(rules),
  };
}

function addWindow(plan: Plan, conversation_id: string, refs: readonly string[]): void {
  for (const [index, ref] of refs.entries()) {
    plan.rows.window_entry.push({ conversation_id, ord: index + 1, kind: 'message', ref, text: null });
  }
}

async function addConversation(
  plan: Plan,
  agent_id: string,
  history: { readonly messages: readonly HistoryMessage[]; readonly window: readonly HistoryMessage[] },
  { clock, pause, timezone }: PlanOptions & { readonly timezone: string },
): Promise<void> {
  const conversation_id = clock.newId('conv');
  const now = clock.now();
  const ids = new Map(history.messages.map((message) => [message, clock.newId('message')]));
  let last: string | null = null;
  for (const [index, message] of history.messages.entries()) {
    await pause();
    const id = ids.get(message) ?? '';
    if (message.foreign_id !== null) plan.ids.set(message.foreign_id, id);
    const created_at = toUtc(message.created_at) ?? now;
    const gap =
      last === null ? null : Math.max(0, Math.round((Date.parse(created_at) - Date.parse(last)) / 1000));
    last = created_at;
    const place = {
      id,
      conversation_id,
      agent_id,
      seq: index + 1,
      session_gap_seconds: gap,
      timezone,
      created_at,
    };
    plan.rows.message.push({ ...place, ...contentOf(message) });
  }
  addWindow(
    plan,
    conversation_id,
    history.window.map((message) => ids.get(message) ?? ''),
  );
  plan.rows.conversation.push({
    id: conversation_id,
    agent_id,
    title: '',
    is_default: 1,
    parent_id: null,
    fork_seq: null,
    next_seq: history.messages.length + 1,
    digest: '',
    memory_snapshot: null,
    version: 1,
    created_at: now,
    updated_at: now,
    last_message_at: last,
    archived_at: null,
    deleted_at: null,
  });
}

function contentOf(message: HistoryMessage): BackupRow {
  return {
    role: message.role,
    name: message.name,
    content: toJson(message.content),
    text: message.text,
    tool_calls: toJson(message.tool_calls),
    tool_call_id: message.tool_call_id,
    tool_status: message.tool_status,
    otid: null,
    run_id: null,
    step_id: null,
    status: 'complete',
    model: message.model,
    token_count: countTokens(message.text),
    digest: '',
    foreign_fields: toJson({ agent_file: message.origin }),
  };
}
