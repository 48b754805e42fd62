import { AppError } from '../../shared/errors.ts';
import { floorProblem } from '../agent/compaction/fit.ts';
import { type Shown, pairMessages } from '../agent/pairing.ts';
import { pairingFault } from '../agent/pairing-fault.ts';
import { type Plan, planRequest } from '../agent/plan.ts';
import { planInputOf } from '../agent/window-place.ts';
import { shownMessage, tokensOfItem } from '../agent/window-size.ts';
import { formatCount } from '../memory/text.ts';
import type { ModelToolCall } from '../models/model.ts';
import type { AgentRecord } from '../store/agents.ts';
import type { Look } from '../store/checkup/look.ts';
import { listConversations } from '../store/conversations.ts';
import { listWindow, type WindowItem } from '../store/window.ts';
import { readableAgents } from './agents.ts';
import { type Damage, damage, type DoctorDeps } from './damage.ts';

/** What would be sent next: whether a strict provider takes it, and whether it fits the window of the model. */
export async function checkRequests(
  look: Look,
  deps: DoctorDeps,
  which: {
    readonly agent_id: string | null;
    readonly knows_models: boolean;
    readonly unreadable: ReadonlySet<string>;
  },
): Promise<Damage[]> {
  const { agent_id, knows_models, unreadable } = which;
  const found: Damage[] = [];
  for (const agent of await readableAgents(look, unreadable)) {
    if (agent_id !== null && agent.id !== agent_id) continue;
    for (const conversation of await listConversations(look.read, agent.id)) {
      await look.pause();
      const items = await listWindow(look.read, conversation.id);
      found.push(...refused(agent, conversation.id, faultOf(deps, items)));
      if (!knows_models || !conversation.is_default) continue;
      found.push(...(await sizeOf(look, deps, agent, conversation.id)));
    }
  }
  return found;
}

/** Why a strict provider would refuse a window as the compiler puts it; `null` when it would not. */
function faultOf({ wording }: Pick<DoctorDeps, 'wording'>, items: readonly WindowItem[]): string | null {
  const shown = items.flatMap((item): Shown[] => {
    if (item.kind === 'missing') return [];
    if (item.kind === 'message') return [{ kind: 'message', message: shownMessage(item) }];
    return [{ kind: 'note', text: item.text }];
  });
  const { messages } = pairMessages(shown, wording);
  return pairingFault(
    messages.map(
      (message): { role: string; tool_calls?: readonly ModelToolCall[]; tool_call_id?: string } => message,
    ),
  );
}

function refused(agent: AgentRecord, conversation_id: string, fault: string | null): Damage[] {
  if (fault === null) return [];
  return [
    damage({
      kind: 'refused_request',
      severity: 'error',
      ref: conversation_id,
      agent_id: agent.id,
      conversation_id,
      what: `A strict provider would refuse the next request of ${agent.name}: ${fault}.`,
      where: `window of ${conversation_id}`,
      advice: 'This is a fault of Memoir. Export the agent, start a new conversation, and report it.',
    }),
  ];
}

async function sizeOf(
  look: Look,
  deps: DoctorDeps,
  agent: AgentRecord,
  conversation_id: string,
): Promise<Damage[]> {
  const planned = await planOf(look, deps, { agent_id: agent.id, conversation_id });
  if (planned === null) return [];
  const place = { agent_id: agent.id, conversation_id };
  const floor = floorProblem(planned);
  const found = floor === null ? [] : [tooHigh(place, planned)];
  const { most } = planned.budget;
  for (const item of planned.entries) {
    const tokens = tokensOfItem(item);
    if (tokens > most && item.kind === 'message')
      found.push(tooLong(place, item.message.id, { tokens, most }));
  }
  return found;
}

// A model that is not there is a finding of its own.
async function planOf(look: Look, deps: DoctorDeps, place: Place): Promise<Plan | null> {
  try {
    return await planRequest(look.read, await planInputOf({ ...deps, database: look }, place));
  } catch (error) {
    if (error instanceof AppError && error.code === 'model_missing') return null;
    throw error;
  }
}

type Place = { readonly agent_id: string; readonly conversation_id: string };

function tooHigh(place: Place, { context, budget }: Plan): Damage {
  const parts = context.parts.map(({ kind, tokens }) => `${kind} ${formatCount(tokens)}`).join(', ');
  return damage({
    kind: 'prompt_floor',
    severity: 'error',
    ref: place.agent_id,
    ...place,
    what:
      `The fixed part of the prompt takes about ${formatCount(context.floor)} tokens; of the window of ` +
      `${formatCount(budget.window)} it may take ${formatCount(budget.floor_limit)}. The agent cannot answer.`,
    where: `agent ${place.agent_id}: ${parts}`,
    advice:
      'Shorten the system prompt or the memory blocks, detach tools, or choose a model with a larger window.',
  });
}

function tooLong(place: Place, message_id: string, size: { tokens: number; most: number }): Damage {
  return damage({
    kind: 'oversize_message',
    severity: 'warning',
    ref: message_id,
    ...place,
    what: `A message takes about ${formatCount(size.tokens)} tokens; a request may have ${formatCount(size.most)}.`,
    where: `message ${message_id}`,
    advice: 'It leaves the window with the next compaction; if it is the newest one, send it in parts.',
  });
}
