import type { Compaction } from '../../shared/contract/agents.ts';
import type { ClientTool } from '../../shared/contract/approvals.ts';
import { AppError } from '../../shared/errors.ts';
import { type AgentRecord, readAgent } from '../store/agents.ts';
import { readConversation, readDefaultConversation } from '../store/conversations.ts';
import type { PlanInput } from './plan.ts';
import { readOpenRun, readRunTerms } from '../store/runs.ts';
import { modelOf, toolsOf, withClientTools } from './run-worker.ts';
import type { RuntimeDeps } from './runtime-deps.ts';

/** Whose window it is; the agent's own conversation when none is named. */
export type Place = { readonly agent_id: string; readonly conversation_id?: string | undefined };

/** What a plan of a request needs of the runtime. */
export type PlaceDeps = Pick<RuntimeDeps, 'models' | 'tools' | 'clock' | 'wording'> & {
  readonly database: Pick<RuntimeDeps['database'], 'read'>;
};

/** What a request at a place is planned from; `change` makes another agent of it. Throws `not_found`, `model_missing`. */
export async function planInputOf(
  deps: PlaceDeps,
  { agent_id, conversation_id }: Place,
  change: (agent: AgentRecord) => AgentRecord = (agent) => agent,
): Promise<PlanInput> {
  const db = deps.database.read;
  const agent = change(await readAgent(db, agent_id));
  const conversation =
    conversation_id === undefined
      ? await readDefaultConversation(db, agent_id)
      : await readConversation(db, conversation_id);
  if (conversation.agent_id !== agent_id) {
    throw new AppError('not_found', 'This conversation belongs to another agent.', {
      details: { conversation_id },
    });
  }
  const tools = withClientTools(toolsOf(deps, agent), await clientToolsAt(deps, conversation.id));
  return {
    agent,
    conversation_id: conversation.id,
    model: modelOf(deps, agent),
    tools: tools.map(({ name, description, parameters }) => ({ name, description, parameters })),
    wording: deps.wording,
    now: deps.clock.now(),
    note_id: deps.clock.newId('note'),
  };
}

/** The tools a client brought with the run that is open; a run that is over took its own with it. */
async function clientToolsAt(
  deps: Pick<PlaceDeps, 'database'>,
  conversation_id: string,
): Promise<readonly ClientTool[]> {
  const run = await readOpenRun(deps.database.read, conversation_id);
  if (run === null) return [];
  const { options } = await readRunTerms(deps.database.read, run.id);
  return options.client_tools ?? [];
}

/** Compaction settings with some of them replaced. */
export function mergeCompaction(
  settings: Compaction,
  given: { readonly [Key in keyof Compaction]?: Compaction[Key] | undefined } | undefined,
): Compaction {
  const said = Object.entries(given ?? {}).filter(([, value]) => value !== undefined);
  return { ...settings, ...(Object.fromEntries(said) as Partial<Compaction>) };
}
