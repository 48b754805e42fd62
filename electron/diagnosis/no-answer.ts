import { findProvider } from '../models/presets.ts';
import type { RecentRun } from '../store/recent-work.ts';
import { type AgentLook, counted, factsOf, fine, type Finding, privateFact } from './look.ts';

/** Row "Agent not responding": key, address and availability of the model, and how the newest runs ended. */
export function checkAnswers(look: AgentLook): Finding {
  return troubleOfLastRun(look) ?? troubleOfModel(look) ?? allWell(look);
}

/** What helps against a failure of a model, by its code. */
const CURES: Readonly<Record<string, string>> = {
  model_auth: 'Enter the key of the provider again, whole, and check that it may use this model.',
  model_missing: 'Connect the provider, or choose another model in the settings of the agent.',
  model_rate_limit:
    'Wait a little and try again; if the credit is used up, add some or choose another model.',
  model_timeout: 'Try again; if it stays so, choose a faster model or check the network.',
  model_unreachable: 'Check the network, that the model server runs, and its address.',
  model_bad_response: 'Check the address of the provider, or choose another model.',
  model_error: 'Check that the provider still offers the model, choose another one, or try again later.',
};

function troubleOfLastRun(look: AgentLook): Finding | null {
  const [last] = look.work.runs.filter(({ state }) => state !== 'running');
  if (last?.state !== 'failed' || last.error === null) return null;
  const { code, message } = last.error;
  const cure = CURES[code];
  if (cure === undefined) return null;
  const needs_provider = code === 'model_auth' || code === 'model_missing';
  // Only a refused key is told in two sentences of which the second is the cure, by who refused it.
  const [, said = message, rest = cure] =
    (code === 'model_auth' ? /^(.+?\.)\s+(.+)$/s.exec(message) : null) ?? [];
  const blame = blameOfRun(look, last, said);
  return {
    ...blame,
    cure: rest,
    reason: code,
    // Some providers say again what they were asked.
    facts: [...factsOfAnswers(look), privateFact('failure', message)],
    place: needs_provider ? 'connect_model' : 'model_settings',
    item_id: providerOf(look),
  };
}

/** A failure of a model that no longer answers for the agent says little of the one that does. */
function blameOfRun(look: AgentLook, { id }: RecentRun, message: string): Pick<Finding, 'state' | 'cause'> {
  const asked = look.work.steps.find(({ run_id }) => run_id === id)?.model;
  if (asked === undefined || asked === answeringModel(look)) {
    return { state: 'trouble', cause: `The last answer failed. ${message}` };
  }
  const cause = `The last answer failed with ${asked}: ${message} Another model answers now and was not asked yet.`;
  return { state: 'attention', cause };
}

function troubleOfModel(look: AgentLook): Finding | null {
  const { badge, message } = look.deps.models.resolve(look.agent.model);
  const common = { facts: factsOfAnswers(look), item_id: providerOf(look) };
  if (badge !== 'provider_missing') return troubleOfProvider(look, common);
  return {
    ...common,
    state: 'attention',
    reason: 'provider_missing',
    cause: message ?? `The provider of ${look.agent.model} is not connected.`,
    cure: 'Connect the provider, or choose another model in the settings of the agent.',
    place: 'connect_model',
  };
}

function troubleOfProvider(
  { deps, agent }: AgentLook,
  common: { readonly facts: Finding['facts']; readonly item_id: string | null },
): Finding | null {
  const preset = findProvider(common.item_id ?? '');
  if (preset === null) return null;
  const { problem, key, record } = deps.models.desk.standing(preset);
  if (problem !== null) {
    return {
      ...common,
      state: 'trouble',
      reason: key?.locked === true ? 'key_locked' : 'key_unreadable',
      cause: problem,
      cure: 'Open the settings of the provider and enter what is missing.',
      place: 'connect_model',
    };
  }
  const name = agent.model.slice(agent.model.indexOf('/') + 1);
  if (record.models.length === 0 || record.models.some((each) => each.name === name)) return null;
  return {
    ...common,
    state: 'attention',
    reason: 'model_not_listed',
    cause: `${preset.label} did not name ${name} among its ${counted(record.models.length, 'model')} when it was last asked.`,
    cure: 'Check the name of the model, or choose one of those it has.',
    place: 'model_settings',
  };
}

function allWell(look: AgentLook): Finding {
  const model = answeringModel(look);
  const [last] = look.work.runs;
  const facts = factsOfAnswers(look);
  const said = last?.state === 'completed' ? 'and did so the last time' : 'and no failure of it is known';
  if (look.deps.models.resolve(look.agent.model).badge !== 'offline_demo')
    return fine(`${model} answers, ${said}.`, facts);
  return {
    state: 'ok',
    reason: 'demo_model',
    cause: `The built-in demo model answers by patterns, ${said}.`,
    cure: 'For real conversation connect a model.',
    facts,
    place: 'connect_model',
  };
}

function answeringModel({ agent, deps }: AgentLook): string {
  return deps.models.resolve(agent.model).model?.handle ?? agent.model;
}

function providerOf({ agent }: AgentLook): string | null {
  return findProvider(agent.model.slice(0, agent.model.indexOf('/')))?.name ?? null;
}

function factsOfAnswers(look: AgentLook): Finding['facts'] {
  const { runs } = look.work;
  const failed = runs.filter(({ state }) => state === 'failed');
  const provider = providerOf(look);
  const preset = findProvider(provider ?? '');
  return factsOf({
    model: look.agent.model,
    answering_model: answeringModel(look),
    provider: preset?.label,
    provider_address: preset === null ? undefined : look.deps.models.desk.standing(preset).base_url,
    last_run_at: runs[0]?.started_at,
    last_run_state: runs[0]?.state,
    looked_at_runs: runs.length,
    failed_runs: failed.length,
    last_error: failed[0]?.error?.code,
    last_error_at: failed[0]?.finished_at ?? undefined,
  });
}
