import { z } from 'zod';
import { method, timestamp } from './method.ts';

/** Where the key of a provider comes from; `none` when there is none. */
export const key_source = z.enum([
  'none',
  'environment',
  'file',
  'keyring',
  'session',
  'passphrase',
  'unprotected',
]);

/** How a key is to be kept. Which of them can be had is in `providers.list`. */
export const key_keep = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['keyring', 'session', 'unprotected']) }),
  z.object({ kind: z.literal('passphrase'), passphrase: z.string().min(1).max(1000) }),
]);

/** A provider of models, and how things stand with it. Never its key. */
export const provider = z.object({
  /** First part of its handles. */
  id: z.string(),
  label: z.string(),
  /** `local` runs on this computer and needs no key. */
  kind: z.enum(['local', 'cloud']),
  /** Whether its models can be used. */
  connected: z.boolean(),
  source: key_source,
  /** Last four characters of the key; empty when there is none or it is too short to show any. */
  last4: z.string(),
  /** True when the passphrase must be given first: `providers.unlock`. */
  locked: z.boolean(),
  /** False where a key is never asked for, as on this computer. */
  needs_key: z.boolean(),
  /** Environment variable of the key; `null` when there is none. */
  key_env: z.string().nullable(),
  /** Where requests go; empty when the provider has no address of its own (Azure) and none was given. */
  base_url: z.string(),
  /** True while `base_url` is the provider's own. */
  is_own_url: z.boolean(),
  docs_url: z.string(),
  /** Page where a key is made; `null` when none is needed. */
  keys_url: z.string().nullable(),
  /** When its models were asked for last. */
  listed_at: timestamp.nullable(),
  /** Cause and cure of what keeps it from being used; `null` when nothing does. */
  problem: z.string().nullable(),
});

/** A model as its server tells of it. */
export const remote_model = z.object({
  handle: z.string(),
  name: z.string(),
  /** Tokens it holds as it runs now; `null` when the server does not say. */
  context_window: z.number().int().nullable(),
  /**
   * Where that number comes from: `loaded` as the server runs it, `configured` for its next start, `assumed` by the
   * server's usual default, `known` from the provider's list.
   */
  context_source: z.enum(['loaded', 'configured', 'assumed', 'known']).nullable(),
  /** Tokens it could hold at most; `null` when the server does not say. */
  largest_window: z.number().int().nullable(),
  /** Whether the server says that it can call tools; `null` when it says nothing. */
  claims_tools: z.boolean().nullable(),
});

/** A server of models found on this computer. */
export const found_server = z.object({
  provider: z.string(),
  label: z.string(),
  base_url: z.string(),
  /** Whether it is connected already. */
  connected: z.boolean(),
  models: z.array(remote_model),
  /** Cause and cure when it answers but its models can not be read, or it has none. */
  problem: z.string().nullable(),
});

/** Why a test did not succeed. */
export const connection_problem = z.object({
  /** A code of the model errors. */
  code: z.string(),
  cause: z.string(),
  cure: z.string(),
});

/**
 * Whether a model can keep memory: it calls the tool it is asked to (`ok`), answers without calling it, calls it with
 * arguments that can not be read, or its server refuses tools.
 */
export const memory_tools = z.enum(['ok', 'no_tool_call', 'malformed', 'refused']);

/** What asking a model once for a memory tool call gave. */
export const probe_result = z.object({
  handle: z.string(),
  memory_tools,
  /** A sentence for a person: what it means, what to do. */
  message: z.string(),
  probed_at: timestamp,
});

const provider_id = z.string().min(1).max(40);
const api_key = z.string().min(1).max(8192);
const base_url = z.string().trim().min(1).max(2000);

/** How asking a provider can fail. */
const ASKING_ERRORS = [
  'model_missing',
  'model_auth',
  'model_rate_limit',
  'model_timeout',
  'model_unreachable',
  'model_bad_response',
  'model_error',
] as const;

/** The methods of model providers. Only `providers.test`, `discover`, `models` and `models.probe` make connections. */
export const provider_methods = {
  'providers.list': method({
    summary: 'Lists the providers of models and how things stand with each. Asks no other computer.',
    input: z.object({}),
    output: z.object({
      providers: z.array(provider),
      /** Ways a key can be kept here, the best one first. Without a keyring a person has to choose. */
      keep_choices: z.array(z.enum(['keyring', 'session', 'passphrase', 'unprotected'])),
    }),
    errors: [],
  }),
  'providers.connect': method({
    summary: 'Keeps key and address of a provider; its models can be used at once. Asks no other computer.',
    input: z.object({
      provider: provider_id,
      api_key: api_key.optional(),
      /** A key goes only to the address it was given with: another address needs the key again. */
      base_url: base_url.optional(),
      /** Left out: in the keyring, or refused as `unsupported` with `details.choices` where there is none. */
      keep: key_keep.optional(),
    }),
    output: provider,
    errors: ['not_found', 'unsupported'],
  }),
  'providers.disconnect': method({
    summary: 'Forgets key, address and models of a provider. What the environment says stays.',
    input: z.object({ provider: provider_id }),
    output: provider,
    errors: ['not_found'],
  }),
  'providers.unlock': method({
    summary: 'Opens the keys behind the passphrase until Memoir is closed.',
    input: z.object({ passphrase: z.string().min(1).max(1000) }),
    output: z.object({ providers: z.array(provider) }),
    errors: ['unsupported'],
  }),
  'providers.test': method({
    summary: 'Makes one request to a provider, with what is typed or with what is kept. Keeps nothing.',
    input: z.object({
      provider: provider_id,
      api_key: api_key.optional(),
      base_url: base_url.optional(),
    }),
    output: z.object({
      ok: z.boolean(),
      latency_ms: z.number().int(),
      /** How many models it offers; `null` when it did not say. */
      models: z.number().int().nullable(),
      problem: connection_problem.nullable(),
    }),
    errors: ['not_found'],
  }),
  'providers.discover': method({
    summary: 'Looks for Ollama, LM Studio and llama.cpp on this computer, and no other.',
    input: z.object({}),
    output: z.object({ servers: z.array(found_server) }),
    errors: [],
  }),
  'providers.models': method({
    summary: 'Asks a connected provider for its models and remembers them for `models.list`.',
    input: z.object({ provider: provider_id }),
    output: z.object({ models: z.array(remote_model), listed_at: timestamp }),
    errors: ['not_found', ...ASKING_ERRORS],
  }),
  'models.probe': method({
    summary: 'Asks a model once to call a memory tool and remembers whether it can.',
    input: z.object({
      handle: z.string().regex(/^[^/\s]+\/\S+$/, 'must be a handle such as openai/gpt-4o-mini'),
    }),
    output: probe_result,
    errors: ['unsupported', 'model_overflow', ...ASKING_ERRORS],
  }),
};

export type KeyKeep = z.infer<typeof key_keep>;
export type Provider = z.infer<typeof provider>;
export type RemoteModel = z.infer<typeof remote_model>;
export type FoundServer = z.infer<typeof found_server>;
export type ConnectionProblem = z.infer<typeof connection_problem>;
export type MemoryTools = z.infer<typeof memory_tools>;
export type ProbeResult = z.infer<typeof probe_result>;
