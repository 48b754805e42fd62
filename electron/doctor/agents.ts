import { insertConversation } from '../store/conversations.ts';
import { type AgentRecord, readAgent } from '../store/agents.ts';
import {
  findAgentsWithoutTalk,
  findStaleProposals,
  listLivingAgents,
  withdrawProposal,
} from '../store/checkup/agent-rows.ts';
import type { Look } from '../store/checkup/look.ts';
import { type Damage, damage, type DoctorDeps } from './damage.ts';

/** What agents need to work: a talk of their own, a model, tools; and proposals that can be decided. */
export async function checkAgents(
  look: Look,
  deps: DoctorDeps,
  { knows_models, unreadable }: { readonly knows_models: boolean; readonly unreadable: ReadonlySet<string> },
): Promise<Damage[]> {
  const homeless = findAgentsWithoutTalk(look).map(noTalk);
  const proposals = (await findStaleProposals(look)).map(({ id, agent_id, kind, label }) =>
    damage({
      kind: 'stale_proposal',
      severity: 'warning',
      ref: id,
      agent_id,
      what: `A proposal is about "${label}", a ${kind === 'block' ? 'block' : 'archive entry'} that is not there any more.`,
      where: `proposal ${id}`,
      repair: 'It is withdrawn.',
      mend: async ({ tx, now }) =>
        (await withdrawProposal(tx, id, now)) ? `The proposal about "${label}" was withdrawn.` : null,
    }),
  );
  const agents = await readableAgents(look, unreadable);
  const models = knows_models ? agents.flatMap((agent) => missingModel(deps, agent)) : [];
  return [...homeless, ...proposals, ...models, ...agents.flatMap((agent) => missingTools(deps, agent))];
}

/** Agents outside the trash, but for those of which a value can not be read: that is a finding of its own. */
export async function readableAgents(
  look: Look,
  unreadable: ReadonlySet<string>,
): Promise<readonly AgentRecord[]> {
  const agents: AgentRecord[] = [];
  for (const id of listLivingAgents(look)) {
    if (!unreadable.has(id)) agents.push(await readAgent(look.read, id));
  }
  return agents;
}

function noTalk({ id, name }: { readonly id: string; readonly name: string }): Damage {
  return damage({
    kind: 'no_own_conversation',
    severity: 'error',
    ref: id,
    agent_id: id,
    what: `${name} has no conversation of its own, which programs talk to.`,
    where: `agent ${id}`,
    repair: 'It gets an empty one. Its other conversations stay as they are.',
    mend: async ({ tx, deps, look, now }) => {
      if (!findAgentsWithoutTalk(look).some((agent) => agent.id === id)) return null;
      const conversation_id = deps.clock.newId('conv');
      await insertConversation(tx, { id: conversation_id, agent_id: id, title: '', is_default: true, now });
      return `${name} has a conversation of its own again.`;
    },
  });
}

function missingModel({ models }: DoctorDeps, { id, model: handle }: AgentRecord): Damage[] {
  const { model, badge, message } = models.resolve(handle);
  if (model !== null && badge !== 'provider_missing') return [];
  return [
    damage({
      kind: 'model_missing',
      severity: 'warning',
      ref: id,
      agent_id: id,
      what: message ?? `The model ${handle} is not here.`,
      where: `agent ${id}`,
      advice: 'Connect its provider, or choose another model in the settings of the agent.',
    }),
  ];
}

function missingTools(deps: DoctorDeps, agent: AgentRecord): Damage[] {
  const missing = agent.tools.filter((name) => deps.tools.get(name) === null);
  if (missing.length === 0) return [];
  return [
    damage({
      kind: 'tool_missing',
      severity: 'ok',
      ref: agent.id,
      agent_id: agent.id,
      what: `${agent.name} has tools that are not here, so the model is not told of them: ${missing.join(', ')}.`,
      where: `agent ${agent.id}`,
      advice:
        'They came with a file of another program and are kept for its export. Detach them to be rid of this note.',
    }),
  ];
}
