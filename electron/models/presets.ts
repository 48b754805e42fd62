/** An OpenAI-compatible provider: one entry here is all it takes. */
export type ProviderPreset = {
  /** First part of a handle. */
  readonly name: string;
  /** For people. */
  readonly label: string;
  /** Other first parts that mean the same provider. */
  readonly aliases: readonly string[];
  /** Environment variable of the key; `null` when the provider needs none. */
  readonly key_env: string | null;
  /** Environment variable of the base URL; setting it configures the provider, key or not. */
  readonly url_env: string;
  readonly base_url: string;
  /** Tokens assumed for a model the table of windows does not know. */
  readonly unknown_window: number;
  /** Well-known models, the sensible default first; empty when only the server itself knows. */
  readonly models: readonly string[];
};

/** The providers in order of preference for the default model. */
export const PROVIDERS: readonly ProviderPreset[] = [
  {
    name: 'openai',
    label: 'OpenAI',
    aliases: ['openai-proxy'],
    key_env: 'OPENAI_API_KEY',
    url_env: 'OPENAI_BASE_URL',
    base_url: 'https://api.openai.com/v1',
    unknown_window: 128_000,
    models: ['gpt-4o-mini', 'gpt-4o', 'gpt-4.1-mini', 'gpt-4.1', 'o4-mini'],
  },
  {
    name: 'openrouter',
    label: 'OpenRouter',
    aliases: [],
    key_env: 'OPENROUTER_API_KEY',
    url_env: 'OPENROUTER_BASE_URL',
    base_url: 'https://openrouter.ai/api/v1',
    unknown_window: 32_768,
    models: ['openai/gpt-4o-mini', 'meta-llama/llama-3.3-70b-instruct'],
  },
  {
    name: 'groq',
    label: 'Groq',
    aliases: [],
    key_env: 'GROQ_API_KEY',
    url_env: 'GROQ_BASE_URL',
    base_url: 'https://api.groq.com/openai/v1',
    unknown_window: 131_072,
    models: ['llama-3.3-70b-versatile', 'llama-3.1-8b-instant'],
  },
  {
    name: 'deepseek',
    label: 'DeepSeek',
    aliases: [],
    key_env: 'DEEPSEEK_API_KEY',
    url_env: 'DEEPSEEK_BASE_URL',
    base_url: 'https://api.deepseek.com/v1',
    unknown_window: 65_536,
    models: ['deepseek-chat', 'deepseek-reasoner'],
  },
  {
    name: 'together',
    label: 'Together',
    aliases: [],
    key_env: 'TOGETHER_API_KEY',
    url_env: 'TOGETHER_BASE_URL',
    base_url: 'https://api.together.xyz/v1',
    unknown_window: 32_768,
    models: ['meta-llama/Llama-3.3-70B-Instruct-Turbo'],
  },
  {
    name: 'gemini',
    label: 'Google Gemini',
    aliases: ['google_ai'],
    key_env: 'GEMINI_API_KEY',
    url_env: 'GEMINI_BASE_URL',
    base_url: 'https://generativelanguage.googleapis.com/v1beta/openai',
    unknown_window: 1_048_576,
    models: ['gemini-2.5-flash', 'gemini-2.5-pro'],
  },
  {
    name: 'ollama',
    label: 'Ollama',
    aliases: [],
    key_env: null,
    url_env: 'OLLAMA_BASE_URL',
    base_url: 'http://127.0.0.1:11434/v1',
    unknown_window: 8192,
    models: [],
  },
  {
    name: 'lmstudio',
    label: 'LM Studio',
    aliases: ['lmstudio_openai'],
    key_env: null,
    url_env: 'LMSTUDIO_BASE_URL',
    base_url: 'http://127.0.0.1:1234/v1',
    unknown_window: 8192,
    models: [],
  },
];

/** Tokens a model holds, by the start of its name; the longest start that fits counts. */
const WINDOWS: Readonly<Record<string, number>> = {
  'gpt-3.5-turbo': 16_385,
  'gpt-4': 8192,
  'gpt-4-turbo': 128_000,
  'gpt-4o': 128_000,
  'gpt-4.1': 1_047_576,
  'gpt-5': 400_000,
  o1: 200_000,
  'o1-mini': 128_000,
  o3: 200_000,
  'o4-mini': 200_000,
  'llama-3.1': 131_072,
  'llama-3.3': 131_072,
  'deepseek-chat': 65_536,
  'deepseek-reasoner': 65_536,
  'gemini-1.5': 1_048_576,
  'gemini-2': 1_048_576,
};

/** Finds the provider a handle's first part names. */
export function findProvider(name: string): ProviderPreset | null {
  return PROVIDERS.find((provider) => provider.name === name || provider.aliases.includes(name)) ?? null;
}

/** Tokens a model holds: what is known of it by name, else what is usual at the provider. */
export function knownWindow(provider: ProviderPreset, model: string): number {
  // A server on this computer decides itself how much it holds, whatever the model could.
  if (provider.key_env === null) return provider.unknown_window;
  const name = model.slice(model.lastIndexOf('/') + 1).toLowerCase();
  const starts = Object.keys(WINDOWS).filter((start) => name.startsWith(start));
  const longest = starts.toSorted((one, other) => other.length - one.length)[0];
  return (longest === undefined ? undefined : WINDOWS[longest]) ?? provider.unknown_window;
}
