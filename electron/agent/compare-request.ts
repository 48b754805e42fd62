import type { ContextPart, RequestComparison } from '../../shared/contract/context.ts';
import { AppError } from '../../shared/errors.ts';
import type { ModelRequest } from '../models/model.ts';
import { readBody } from '../models/read-body.ts';
import { readLastRequest, type SentRequest } from '../store/last-request.ts';
import { keptPrefix, partOf } from './kept-prefix.ts';
import { planRequest } from './plan.ts';
import type { RuntimeDeps } from './runtime-deps.ts';
import { type Place, planInputOf } from './window-place.ts';

/** Says what the next request of a conversation shares with the last one. Changes nothing. Throws `not_found`. */
export async function compareRequest(
  deps: RuntimeDeps,
  place: Place & { readonly part?: ContextPart['kind'] | undefined },
): Promise<RequestComparison> {
  const db = deps.database.read;
  const input = await planInputOf(deps, place);
  const { context } = await planRequest(db, input);
  const sent = await readLastRequest(db, input.conversation_id);
  const before = sent === null ? null : readSent(sent);
  // Read back from its own body, so that both went through the same form.
  const next = readSent({ request: input.model.bodyOf(context.request) }) ?? context.request;
  return {
    last: sent === null ? null : describe(sent),
    ...keptPrefix(next, before, context.parts),
    before: before === null || place.part === undefined ? null : partOf(before, place.part),
  };
}

/** A body read back; `null` when it is of a form that can't be. */
function readSent({ request }: Pick<SentRequest, 'request'>): ModelRequest | null {
  try {
    return readBody(request);
  } catch (error) {
    if (error instanceof AppError && error.code === 'unsupported') return null;
    throw error;
  }
}

function describe({ step_id, created_at, model, counted, usage }: SentRequest): RequestComparison['last'] {
  const reported = usage === null || usage.prompt_tokens === 0 ? null : usage.prompt_tokens;
  return { step_id, created_at, model, counted, reported, cached: usage?.cached_input_tokens ?? null };
}
