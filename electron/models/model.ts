import type { ModelStatus } from '../../shared/contract/agents.ts';
import type { Usage } from '../../shared/contract/conversations.ts';
import type { MemoryTools } from '../../shared/contract/providers.ts';

/** A call the model asked for. `arguments` is the raw text it sent: parse it, never trust it. */
export type ModelToolCall = { readonly id: string; readonly name: string; readonly arguments: string };

/** A message as a provider sees it (chat-completions form). */
export type ChatMessage =
  | { readonly role: 'system'; readonly content: string }
  | { readonly role: 'user'; readonly content: string; readonly name?: string }
  | {
      readonly role: 'assistant';
      readonly content: string | null;
      readonly tool_calls?: readonly ModelToolCall[];
    }
  | { readonly role: 'tool'; readonly tool_call_id: string; readonly content: string };

/** A tool as the model sees it; `parameters` is a JSON Schema object. */
export type ToolSchema = {
  readonly name: string;
  readonly description: string;
  readonly parameters: Readonly<Record<string, unknown>>;
};

/** All a provider is told. Built by the context compiler alone; equal inputs give equal bytes. */
export type ModelRequest = {
  /** Name at the provider, without the `provider/` prefix. */
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly tools: readonly ToolSchema[];
  readonly tool_choice: 'auto' | 'required' | 'none';
  readonly parallel_tool_calls: boolean;
  readonly temperature: number | null;
  /** Tokens. */
  readonly max_output_tokens: number | null;
  /** Tokens it may think before it answers, where it can; left out or `null`: it is not told to. */
  readonly thinking_budget?: number | null;
};

/** What arrives while a model answers. */
export type ModelEvent =
  | { readonly type: 'text'; readonly delta: string }
  | { readonly type: 'reasoning'; readonly delta: string }
  /** A piece of a call; `name` only in the first piece of an `index`. */
  | { readonly type: 'tool_call'; readonly index: number; readonly name: string; readonly delta: string }
  /** The provider refused for now; the same request goes out again after `wait_ms`. */
  | { readonly type: 'waiting'; readonly wait_ms: number; readonly reason: string }
  /** An attempt failed: the exact body sent and what was received of the answer. */
  | ({ readonly type: 'failed' } & Exchange);

/** What went over the wire, as text. */
export type Exchange = { readonly raw_request: string; readonly raw_response: string };

/** A finished answer. */
export type ModelResponse = {
  readonly text: string;
  readonly reasoning: string;
  readonly tool_calls: readonly ModelToolCall[];
  readonly finish_reason: 'stop' | 'tool_calls' | 'length' | 'content_filter';
  readonly usage: Usage;
  /** The exact request body sent, as text. */
  readonly raw_request: string;
  /** The answer as received, as text (the streamed frames joined). */
  readonly raw_response: string;
  /** What was made of the answer beside reading it, in words. */
  readonly repairs?: readonly string[];
};

/**
 * A chat model. `answer` streams events to `onEvent` and resolves with the whole answer. It rejects with an `AppError`
 * whose code is `model_auth`, `model_rate_limit`, `model_timeout`, `model_unreachable`, `model_bad_response`,
 * `model_overflow`, `model_error` or `cancelled`; text already streamed stays with the caller.
 */
export type Model = {
  readonly handle: string;
  /** Tokens the model can hold. */
  readonly context_window: number;
  readonly answer: (
    request: ModelRequest,
    options: { readonly signal: AbortSignal; readonly onEvent: (event: ModelEvent) => void },
  ) => Promise<ModelResponse>;
  /** The exact body a request goes out as. */
  readonly bodyOf: (request: ModelRequest) => string;
};

/** Finds models by handle. */
export type ModelRegistry = {
  /** The model that answers for a handle, and what a person should know about the choice. */
  readonly resolve: (handle: string) => ResolvedModel;
  readonly list: () => readonly ListedModel[];
  /** Handle new agents get when none is named. */
  readonly defaultHandle: () => string;
  /** Remembers that a server refused more than so many tokens, though it was said to hold more. */
  readonly rememberLimit: (handle: string, tokens: number) => Promise<void>;
};

/** A model to use for an agent. `model` is absent when nothing can answer: `message` says why and what to do. */
export type ResolvedModel = {
  readonly model: Model | null;
  readonly badge: ModelStatus['badge'];
  readonly message: string | null;
};

/** A row of the model list. */
export type ListedModel = {
  readonly handle: string;
  readonly name: string;
  readonly provider: string;
  readonly context_window: number;
  readonly available: boolean;
  /** What a probe found; `null` when none was made. */
  readonly memory_tools: MemoryTools | null;
};
