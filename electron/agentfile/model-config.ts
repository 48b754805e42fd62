import { readCompaction } from '../../shared/compaction-settings.ts';
import {
  type Agent,
  agent as agent_shape,
  type Compaction,
  model_settings,
} from '../../shared/contract/agents.ts';
import type { V2Agent } from './versions/v2.ts';

const NO_MODEL = 'memoir/offline';
const window_limit = agent_shape.shape.context_window_limit;

/** What an agent of a file says about its model. */
export type ModelConfig = Pick<Agent, 'model' | 'model_settings' | 'context_window_limit'>;

type ModelFields = Pick<V2Agent, 'model' | 'llm_config' | 'context_window_limit'> & {
  readonly [field: string]: unknown;
};

/**
 * Reads which model an agent of a file wants, and how. Numbers that no model takes are left to the provider; they go
 * back out with `llm_config` as they came.
 */
export function modelConfigOf(agent: ModelFields, override: string | undefined): ModelConfig {
  const llm = agent.llm_config ?? {};
  const handle = override ?? agent.model ?? llm['handle'];
  const parallel = agent['parallel_tool_calls'] ?? llm['parallel_tool_calls'];
  return {
    model: typeof handle === 'string' && handle.includes('/') ? handle : guessHandle(llm),
    model_settings: {
      temperature: model_settings.shape.temperature.safeParse(llm['temperature']).data ?? null,
      max_output_tokens: model_settings.shape.max_output_tokens.safeParse(llm['max_tokens']).data ?? null,
      parallel_tool_calls: parallel !== false,
    },
    context_window_limit:
      window_limit.safeParse(agent.context_window_limit ?? llm['context_window']).data ?? null,
  };
}

/** How an agent of a file wants its window compacted; what it does not say is left out. */
export function compactionOf(agent: { readonly [field: string]: unknown }): Partial<Compaction> {
  const settings = agent['compaction_settings'];
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) return {};
  return readCompaction(settings as Readonly<Record<string, unknown>>);
}

/** Numbers of an agent of a file that no model takes, in sentences. */
export function warnOfModelNumbers(agent: ModelFields & Pick<V2Agent, 'name' | 'id'>): string[] {
  const { model_settings: taken, context_window_limit } = modelConfigOf(agent, undefined);
  const llm = agent.llm_config ?? {};
  const numbers: readonly (readonly [string, unknown, number | null])[] = [
    ['temperature', llm['temperature'], taken.temperature],
    ['max_tokens', llm['max_tokens'], taken.max_output_tokens],
    ['context window', agent.context_window_limit ?? llm['context_window'], context_window_limit],
  ];
  return numbers
    .filter(([, came, kept]) => came !== null && came !== undefined && kept === null)
    .map(
      ([what, came]) =>
        `${agent.name ?? agent.id}: ${what} ${JSON.stringify(came)} is nothing a model takes; its default is used.`,
    );
}

/** Whether a name is a time zone this system knows. */
export function isTimezone(name: string | null | undefined): name is string {
  if (name === null || name === undefined) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    // The runtime would fail on every message; the name as it came is kept for a later export.
    return false;
  }
}

function guessHandle(llm: Readonly<Record<string, unknown>>): string {
  const provider = llm['provider_name'] ?? llm['model_endpoint_type'];
  const model = llm['model'];
  return typeof provider === 'string' && typeof model === 'string' ? `${provider}/${model}` : NO_MODEL;
}
