import { type Agent, default_compaction } from '../../shared/contract/agents.ts';
import type { Actor } from '../../shared/contract/blocks.ts';
import type { MethodName, ParsedInputOf } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { defaultSystemPrompt } from '../agent/prompts/system.ts';
import { createBlock, shareBlock } from '../memory/blocks.ts';
import { directCause } from '../memory/cause.ts';
import {
  type AgentRecord,
  deleteAgent,
  insertAgent,
  listAgents,
  listTrashedAgents,
  readAgent,
  restoreAgent,
  updateAgent,
} from '../store/agents.ts';
import { insertConversation, listConversations } from '../store/conversations.ts';
import type { Write } from '../store/database.ts';
import { type ApiDeps, toAgent } from './deps.ts';
import type { Handlers } from './dispatch.ts';
import type { WindowMethod } from './windows.ts';

type AgentMethod = Exclude<
  Extract<MethodName, `agents.${string}`>,
  `agents.${'export' | 'import' | 'inspect' | 'states' | 'write_blocks'}` | WindowMethod
>;

/** Agents themselves: making, reading, changing, trashing. */
export function agentHandlers(deps: ApiDeps): Pick<Handlers, AgentMethod> {
  const { database, clock, emit, models } = deps;
  const tell = (record: AgentRecord): Agent => {
    const agent = toAgent(models, record);
    emit({ type: 'agent.changed', agent });
    return agent;
  };
  return {
    'agents.list': async (filter) => ({
      agents: (await listAgents(database.read, filter)).map((record) => toAgent(models, record)),
    }),
    'agents.get': async ({ agent_id }) => toAgent(models, await readAgent(database.read, agent_id)),
    'agents.create': async (input, context) => {
      if (input.model !== undefined) models.requireConfigured(input.model);
      assertTools(deps, input.tools ?? []);
      return tell(await database.transaction((tx) => createAgent(tx, deps, input, context.actor)));
    },
    'agents.update': async ({ agent_id, base_version, ...changes }, context) => {
      const current = await readAgent(database.read, agent_id);
      if (changes.model !== undefined && changes.model !== current.model)
        models.requireConfigured(changes.model);
      assertTools(
        deps,
        (changes.tools ?? []).filter((name) => !current.tools.includes(name)),
      );
      const model_settings = { ...current.model_settings, ...withoutUndefined(changes.model_settings ?? {}) };
      const compaction = { ...current.compaction, ...withoutUndefined(changes.compaction ?? {}) };
      const edit = { agent_id, base_version, actor: context.actor, now: clock.now() };
      const record = await database.transaction((tx) =>
        updateAgent(tx, { ...edit, changes: { ...withoutUndefined(changes), model_settings, compaction } }),
      );
      return tell(record);
    },
    'agents.delete': async ({ agent_id }) => {
      await readAgent(database.read, agent_id);
      await deps.runtime.setAside({
        conversation_ids: (await listConversations(database.read, agent_id)).map(({ id }) => id),
        remove: (tx) => deleteAgent(tx, agent_id, clock.now()),
        busy: 'This agent is still answering. Stop it first. Nothing was deleted.',
      });
      emit({ type: 'agent.deleted', agent_id });
      return { agent_id };
    },
    'agents.trash': async () => ({ agents: await listTrashedAgents(database.read) }),
    'agents.restore': async ({ agent_id }) => {
      const agent = tell(await database.transaction((tx) => restoreAgent(tx, agent_id, clock.now())));
      // What still waited when it was deleted is answered now.
      for (const { id } of await listConversations(database.read, agent_id))
        await deps.runtime.answerWaiting(id);
      return agent;
    },
  };
}

/** Makes an agent with its blocks and its own conversation, in the given transaction. */
export async function createAgent(
  tx: Write,
  deps: Pick<ApiDeps, 'clock' | 'models' | 'tools'>,
  input: ParsedInputOf<'agents.create'>,
  actor: Actor,
): Promise<AgentRecord> {
  const { clock } = deps;
  const now = clock.now();
  const record = await insertAgent(tx, newAgent(deps, input, now), actor);
  const conversation = { id: clock.newId('conv'), agent_id: record.id, title: '', is_default: true, now };
  await insertConversation(tx, conversation);
  const edit = { clock, cause: directCause(actor, record.id) };
  for (const block of input.blocks ?? []) await createBlock(tx, { ...block, agent_id: record.id }, edit);
  for (const block_id of input.block_ids ?? []) await shareBlock(tx, { block_id, agent_id: record.id });
  return record;
}

const DEFAULT_SETTINGS = { temperature: null, max_output_tokens: null, parallel_tool_calls: true };

function newAgent(
  { clock, models, tools }: Pick<ApiDeps, 'clock' | 'models' | 'tools'>,
  input: ParsedInputOf<'agents.create'>,
  now: string,
): AgentRecord {
  const agent_type = input.agent_type ?? 'letta_v1_agent';
  const base = (input.include_base_tools ?? true) ? tools.defaultTools(agent_type) : [];
  const { blocks: _blocks, block_ids: _block_ids, include_base_tools: _base, ...fields } = input;
  return {
    id: clock.newId('agent'),
    name: 'New agent',
    agent_type,
    description: null,
    system: defaultSystemPrompt(agent_type),
    model: models.defaultHandle(),
    context_window_limit: null,
    tool_policies: {},
    tags: [],
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    metadata: {},
    foreign: {},
    ...withoutUndefined(fields),
    model_settings: { ...DEFAULT_SETTINGS, ...withoutUndefined(input.model_settings ?? {}) },
    compaction: { ...default_compaction, ...withoutUndefined(input.compaction ?? {}) },
    tools: [...new Set([...base, ...(input.tools ?? [])])],
    version: 1,
    created_at: now,
    updated_at: now,
    last_run_at: null,
  };
}

function assertTools({ tools }: ApiDeps, names: readonly string[]): void {
  const known = tools.list().map((tool) => tool.name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new AppError(
    'not_found',
    `There is no tool named ${unknown.join(', ')}. Known tools: ${known.join(', ')}.`,
    {
      details: { unknown },
    },
  );
}

function withoutUndefined<Value extends object>(
  value: Value,
): { [Key in keyof Value]: Exclude<Value[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as {
    [Key in keyof Value]: Exclude<Value[Key], undefined>;
  };
}
