import type { Replay, ReplayEdits, Step } from '../../shared/contract/steps.ts';
import { AppError, toWire } from '../../shared/errors.ts';
import type { Exchange, Model, ModelRegistry, ModelRequest, ModelResponse } from '../models/model.ts';
import { readBody } from '../models/read-body.ts';
import type { Clock } from '../store/clock.ts';
import { readMemory, replaceMemory } from './prompts/memory.ts';

/** What a replay is made from. */
export type ReplayInput = {
  readonly step: Step;
  /** The body the step had sent. */
  readonly recorded: string;
  /** Handle of the model to ask; the step's own when left out. */
  readonly model?: string | undefined;
  readonly edits: ReplayEdits;
  readonly signal: AbortSignal;
  /** Id it gets. */
  readonly replay_id: string;
};

/** What of a recorded request can be edited for a replay; `null` when it can't be asked again. */
export function readPrompt(
  recorded: string,
): { system: string; blocks: { label: string; value: string }[] } | null {
  try {
    const system = readBody(recorded).messages.find(({ role }) => role === 'system')?.content ?? '';
    return { system, blocks: readMemory(system) };
  } catch (error) {
    if (error instanceof AppError && error.code === 'unsupported') return null;
    throw error;
  }
}

/**
 * Asks a recorded request again, edited or of another model. Runs no tool and writes nothing; a model that fails is a
 * result as well. Throws `model_missing`, `unsupported` for a request that can't be read back, `conflict` for an edit of
 * a block that the prompt did not show, `cancelled` when it was stopped.
 */
export async function replayStep(
  { models, clock }: { readonly models: ModelRegistry; readonly clock: Clock },
  input: ReplayInput,
): Promise<Replay> {
  const handle = input.model ?? input.step.model;
  const model = findModel(models, handle);
  const request = { ...editRequest(readBody(input.recorded), input.edits), model: nameOf(handle) };
  const started = performance.now();
  const asked = await ask(model, request, input.signal);
  const { response, exchange, error, first_token_ms } = asked;
  const body = exchange?.raw_request ?? JSON.stringify(request);
  return {
    id: input.replay_id,
    step_id: input.step.id,
    model: handle,
    edits: input.edits,
    request: body,
    response: exchange?.raw_response ?? null,
    is_exact: body === input.recorded,
    answer:
      response === null
        ? null
        : {
            text: response.text,
            reasoning: response.reasoning,
            tool_calls: response.tool_calls.map(({ id, name, arguments: words }) => ({
              tool_call_id: id,
              name,
              arguments: words,
            })),
          },
    usage: response?.usage ?? null,
    timings: {
      model_ms: Math.round(performance.now() - started),
      ...(first_token_ms === null ? {} : { first_token_ms }),
    },
    error,
    created_at: clock.now(),
  };
}

function findModel(models: ModelRegistry, handle: string): Model {
  const { model, message } = models.resolve(handle);
  // Another model than the one named would be no replay.
  if (model !== null && model.handle === handle) return model;
  throw new AppError('model_missing', message ?? `There is no model ${handle}. Choose another one.`, {
    details: { model: handle },
  });
}

function nameOf(handle: string): string {
  return handle.slice(handle.indexOf('/') + 1);
}

type Asked = {
  readonly response: ModelResponse | null;
  readonly exchange: Exchange | null;
  readonly error: Replay['error'];
  readonly first_token_ms: number | null;
};

async function ask(model: Model, request: ModelRequest, signal: AbortSignal): Promise<Asked> {
  let failed: Exchange | null = null;
  let first_token_ms: number | null = null;
  const started = performance.now();
  try {
    const response = await model.answer(request, {
      signal,
      onEvent: (event) => {
        if (event.type === 'failed') failed = event;
        else if (event.type !== 'waiting') first_token_ms ??= Math.round(performance.now() - started);
      },
    });
    return { response, exchange: response, error: null, first_token_ms };
  } catch (cause) {
    if (signal.aborted) throw new AppError('cancelled', 'Stopped. Nothing of this run was kept.', { cause });
    const { code, message } = toWire(cause);
    return { response: null, exchange: failed, error: { code, message }, first_token_ms };
  }
}

function editRequest(request: ModelRequest, { system, blocks = {} }: ReplayEdits): ModelRequest {
  const messages = request.messages.map((message) => {
    if (message.role !== 'system') return message;
    return { ...message, content: editPrompt(system ?? message.content, blocks) };
  });
  return { ...request, messages };
}

function editPrompt(prompt: string, blocks: Readonly<Record<string, string>>): string {
  let edited = prompt;
  for (const [label, value] of Object.entries(blocks)) {
    const next = replaceMemory(edited, label, value);
    if (next === null) {
      throw new AppError(
        'conflict',
        `The prompt of this step shows no block "${label}", so its value can not be changed. Nothing was asked.`,
        { details: { label } },
      );
    }
    edited = next;
  }
  return edited;
}
