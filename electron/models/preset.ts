/** What a provider takes of a chat-completions request beyond the common ground. */
export type ChatQuirks = {
  /** How it wants the limit of an answer to be called. */
  readonly output_limit: 'max_tokens' | 'max_completion_tokens';
  /** Whether it knows `parallel_tool_calls`; some refuse fields they do not know. */
  readonly parallel_tool_calls: boolean;
  /** Whether it knows `stream_options`, without which most tell no usage. */
  readonly stream_options: boolean;
  /** Whether the templates of its models refuse messages whose roles do not alternate. */
  readonly alternates: boolean;
};

/** A provider of models: one entry here is all it takes. */
export type ProviderPreset = {
  /** First part of a handle. */
  readonly name: string;
  /** For people. */
  readonly label: string;
  /** Other first parts that mean the same provider. */
  readonly aliases: readonly string[];
  /** `openai` speaks chat completions; `anthropic` speaks the Messages API. */
  readonly api: 'openai' | 'anthropic';
  /** Runs on this computer: needs no key, and holds as much as it was started with, whatever the model could. */
  readonly is_local: boolean;
  /** Environment variable of the key; `null` when the provider knows none. */
  readonly key_env: string | null;
  /** Environment variable of the base URL; setting it configures the provider, key or not. */
  readonly url_env: string;
  /** Empty when every customer has an address of its own. */
  readonly base_url: string;
  readonly docs_url: string;
  /** Page where a key is made; `null` when none is needed. */
  readonly keys_url: string | null;
  /** Path under the base URL that only a right key opens, where the list of models is open to all. */
  readonly key_check_path: string | null;
  /** Tokens assumed for a model the table of windows does not know. */
  readonly unknown_window: number;
  /** Well-known models, the sensible default first; empty when only the server itself knows. */
  readonly models: readonly string[];
  readonly quirks: ChatQuirks;
};

/** What every server of chat completions is taken to know. */
export const PLAIN_QUIRKS: ChatQuirks = {
  output_limit: 'max_tokens',
  parallel_tool_calls: true,
  stream_options: true,
  alternates: false,
};
