import type { ModelRequest } from './model.ts';

/** How a model of the family is asked to think, and what follows from it for the other settings. */
export type Thinking = {
  readonly thinking: Readonly<Record<string, unknown>> | null;
  readonly output_config: Readonly<Record<string, unknown>> | null;
  readonly max_tokens: number;
  readonly temperature: number | null;
};

const SMALLEST_BUDGET = 1024;
const LARGEST_BUDGET = 64_000;

/**
 * Settles what goes together. Models up to 4.5 think within a budget of tokens, which is part of the limit of the
 * answer; later ones decide themselves how much, by a degree of effort. A forced call excludes thinking, and so does,
 * for the first kind, a turn whose earlier thoughts are lost. Who thinks takes no temperature.
 */
export function thinkingOf(request: ModelRequest, has_thoughts: boolean): Thinking {
  const version = versionOf(request.model);
  const answer_tokens = request.max_output_tokens ?? usualLimit(version);
  const budget = request.thinking_budget ?? null;
  const temperature =
    request.temperature === null || version >= 4.7 ? null : Math.min(request.temperature, 1);
  const plain = { thinking: null, output_config: null, max_tokens: answer_tokens, temperature };
  if (budget === null || version < 3.7 || request.tool_choice === 'required') return plain;
  if (version >= 4.6) return adaptive(version, answer_tokens, budget);
  return has_thoughts ? budgeted(answer_tokens, budget) : plain;
}

function adaptive(version: number, answer_tokens: number, budget: number): Thinking {
  return {
    thinking: { type: 'adaptive', ...(version >= 4.7 ? { display: 'summarized' } : {}) },
    output_config: { effort: budget < 4096 ? 'low' : budget < 16_384 ? 'medium' : 'high' },
    max_tokens: answer_tokens + budget,
    temperature: null,
  };
}

function budgeted(answer_tokens: number, budget: number): Thinking {
  const budget_tokens = Math.min(Math.max(budget, SMALLEST_BUDGET), LARGEST_BUDGET);
  return {
    thinking: { type: 'enabled', budget_tokens },
    output_config: null,
    max_tokens: answer_tokens + budget_tokens,
    temperature: null,
  };
}

// The provider wants a limit in every request.
function usualLimit(version: number): number {
  if (version < 3.5) return 4096;
  return version < 3.7 ? 8192 : 16_384;
}

/** 4.5 for `claude-sonnet-4-5-20250929`, 3.7 for `claude-3-7-sonnet-latest`; an unknown name is taken for a new one. */
function versionOf(model: string): number {
  const match = /claude(?:-[a-z]+)?-(?<major>\d)(?:[-.](?<minor>\d{1,2})(?!\d))?/u.exec(model);
  if (match === null) return model.includes('claude-2') || model.includes('instant') ? 2 : 9;
  return Number(`${match.groups?.['major'] ?? '9'}.${match.groups?.['minor'] ?? '0'}`);
}
