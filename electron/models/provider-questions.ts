import type { FoundServer, RemoteModel } from '../../shared/contract/providers.ts';
import { AppError, type ErrorCode } from '../../shared/errors.ts';
import { checkAddress, isLoopback, tidyAddress } from './address.ts';
import { AskFailure, askJson } from './ask-json.ts';
import { requireProvider } from './connect.ts';
import { type ModelProblem, problemError, problemOf } from './connection-problem.ts';
import { keyHeaders, listRemoteModels } from './list-models.ts';
import type { ProviderPreset } from './preset.ts';
import { PROVIDERS } from './presets.ts';
import type { ProviderDesk } from './provider-desk.ts';

/** What questions to providers work with. Each of them is asked only when a person wants it. */
export type Questions = {
  readonly desk: ProviderDesk;
  readonly fetch: typeof fetch;
  /** Now, as the contract writes times. */
  readonly now: () => string;
};

/** How a test of a provider went. */
export type TestOutcome = {
  readonly ok: boolean;
  readonly latency_ms: number;
  readonly models: number | null;
  readonly problem: ModelProblem | null;
};

const TEST_WAIT_MS = 10_000;
const LIST_WAIT_MS = 15_000;
const DISCOVER_WAIT_MS = 500;
const DISCOVERED: ReadonlySet<string> = new Set(['ollama', 'lmstudio', 'llamacpp']);

/**
 * Makes one request with what is typed, or with what is kept. A kept key goes to its own address only. Throws
 * `not_found`, `invalid_input`.
 */
export async function testProvider(
  { desk, fetch }: Questions,
  given: {
    readonly provider: string;
    readonly api_key?: string | undefined;
    readonly base_url?: string | undefined;
  },
): Promise<TestOutcome> {
  const preset = requireProvider(given.provider);
  const { base_url: current } = desk.standing(preset);
  const base_url = given.base_url === undefined ? current : tidyAddress(given.base_url, preset);
  checkAddress(base_url, preset, given.api_key !== undefined);
  const began = performance.now();
  const took = (): number => Math.round(performance.now() - began);
  try {
    const kept = base_url === current ? await desk.apiKey(preset) : null;
    const api_key = given.api_key?.trim() ?? kept;
    const models = await check({ preset, base_url, api_key, wait_ms: TEST_WAIT_MS, fetch });
    return { ok: true, latency_ms: took(), models, problem: null };
  } catch (error) {
    const with_key = given.api_key !== undefined || desk.standing(preset).has_key;
    const problem = problemIn(error, { preset, base_url, with_key });
    return { ok: false, latency_ms: took(), models: null, problem };
  }
}

/** Asks a connected provider for its models and remembers them. Throws the model errors with cause and cure. */
export async function askForModels(
  { desk, fetch, now }: Questions,
  provider: string,
): Promise<{ readonly models: RemoteModel[]; readonly listed_at: string }> {
  const preset = requireProvider(provider);
  const { connected, base_url, has_key } = desk.standing(preset);
  if (!connected) {
    throw new AppError('model_missing', `${preset.label} is not connected. Connect it first.`);
  }
  const api_key = await desk.apiKey(preset);
  try {
    const models = await listRemoteModels({ preset, base_url, api_key, wait_ms: LIST_WAIT_MS, fetch });
    const listed_at = now();
    await desk.rememberModels(preset.name, models, listed_at);
    return { models, listed_at };
  } catch (error) {
    if (!(error instanceof AskFailure)) throw error;
    throw problemError(problemOf(error, { preset, base_url, with_key: has_key }));
  }
}

/** Looks for servers of models on this computer, each for half a second. What does not answer is left out. */
export async function discoverServers(questions: Questions): Promise<FoundServer[]> {
  const found = await Promise.all(
    PROVIDERS.filter(({ name }) => DISCOVERED.has(name)).map((preset) => lookFor(preset, questions)),
  );
  return found.filter((server) => server !== null);
}

async function lookFor(preset: ProviderPreset, { desk, fetch }: Questions): Promise<FoundServer | null> {
  const { base_url: chosen, connected } = desk.standing(preset);
  // Looking around stays on this computer, wherever the address in use leads.
  const base_url = isLoopback(chosen) ? chosen : preset.base_url;
  const server = { provider: preset.name, label: preset.label, base_url };
  const is_same = connected && base_url === chosen;
  try {
    const api_key = is_same ? await desk.apiKey(preset) : null;
    const models = await listRemoteModels({ preset, base_url, api_key, wait_ms: DISCOVER_WAIT_MS, fetch });
    const problem =
      models.length > 0 ? null : `${preset.label} runs but has no model. Load or download one there first.`;
    return { ...server, connected: is_same, models, problem };
  } catch (error) {
    if (!(error instanceof AskFailure)) throw error;
    // Another program may have the port; only what says that it wants a key is worth telling.
    if (error.status !== 401 && error.status !== 403) return null;
    const { cause, cure } = problemOf(error, { preset, base_url, with_key: false });
    return { ...server, connected: is_same, models: [], problem: `${cause} ${cure}` };
  }
}

async function check(listing: Parameters<typeof listRemoteModels>[0]): Promise<number | null> {
  const { preset, base_url, api_key, wait_ms, fetch } = listing;
  const path = preset.key_check_path;
  if (path === null || api_key === null) return (await listRemoteModels(listing)).length;
  await askJson({ url: `${base_url}${path}`, headers: keyHeaders(preset, api_key), wait_ms, fetch });
  return null;
}

function problemIn(error: unknown, asked: Parameters<typeof problemOf>[1]): ModelProblem {
  if (error instanceof AskFailure) return problemOf(error, asked);
  if (!(error instanceof AppError)) throw error;
  const code: ErrorCode = error.code;
  return { code, cause: error.message, cure: 'Enter the key again.' };
}
