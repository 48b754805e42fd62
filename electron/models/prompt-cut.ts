import type { RemoteModel } from '../../shared/contract/providers.ts';
import type { Model, ModelRequest } from './model.ts';
import { countTokens } from './tokens.ts';

/** A prompt that its server cut without a word. Tokens. */
export type PromptCut = {
  /** What was sent, by our estimate. */
  readonly sent: number;
  /** What the server says it read. */
  readonly read: number;
  /** What the server holds. */
  readonly loaded: number;
};

/** What watching a model needs. */
export type CutWatch = {
  /** Asks the server what it holds now; `null` when it does not say. May reject: then nothing is known. */
  readonly askLoaded: () => Promise<RemoteModel | null>;
  /** Hears after each answer whether its prompt was cut. */
  readonly onAnswer: (cut: PromptCut | null) => Promise<void>;
};

// Our estimate is up to a third too high for some scripts; a cut prompt is far below that.
const SUSPICIOUS_SHARE = 0.7;
const SUSPICIOUS_TOKENS = 500;

/**
 * Watches a model whose server cuts what does not fit instead of refusing it. When the server has read far less than was
 * sent, it is asked what it holds; only a number below what was sent is an alarm, since some count less for what they
 * still remember of the last request.
 */
export function watchPromptCuts(model: Model, watch: CutWatch): Model {
  return {
    ...model,
    answer: async (request, options) => {
      const response = await model.answer(request, options);
      const cut = await findCut(estimateTokens(request), response.usage.prompt_tokens, watch);
      await watch.onAnswer(cut);
      return response;
    },
  };
}

/** Tokens of a request, leaning to the high side. */
export function estimateTokens({ messages, tools }: ModelRequest): number {
  const said = messages.reduce((sum, message) => {
    const calls = message.role === 'assistant' ? (message.tool_calls ?? []) : [];
    return (
      sum +
      countTokens(message.content ?? '') +
      calls.reduce((tokens, call) => tokens + countTokens(call.name + call.arguments), 0)
    );
  }, 0);
  return said + (tools.length === 0 ? 0 : countTokens(JSON.stringify(tools)));
}

async function findCut(sent: number, read: number, { askLoaded }: CutWatch): Promise<PromptCut | null> {
  if (read === 0 || read > sent * SUSPICIOUS_SHARE || sent - read < SUSPICIOUS_TOKENS) return null;
  const model = await askLoaded().catch(() => null);
  const loaded = model?.context_window ?? null;
  return loaded !== null && loaded < sent ? { sent, read, loaded } : null;
}

/** The alarm in words: what happened, what to do. */
export function promptCutMessage(label: string, model: string, { sent, loaded }: PromptCut): string {
  const [holds, had] = [loaded, Math.round(sent / 100) * 100].map((count) => count.toLocaleString('en-US'));
  const cure =
    label === 'Ollama'
      ? 'set num_ctx (or OLLAMA_CONTEXT_LENGTH) higher'
      : 'load the model with a longer context';
  return (
    `${label} cut the last prompt: it runs ${model} with ${holds} tokens and was sent about ${had}, so the model did ` +
    `not see all of its memory. In ${label}, ${cure}; or lower the window of this agent to ${holds}.`
  );
}
