import type { MethodName } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { connectProvider, disconnectProvider, showProvider, unlockProviders } from '../models/connect.ts';
import { OFFLINE_HANDLE } from '../models/offline.ts';
import { PROVIDERS, splitHandle } from '../models/presets.ts';
import { probeMemoryTools } from '../models/probe.ts';
import { askForModels, discoverServers, type Questions, testProvider } from '../models/provider-questions.ts';
import { listAgents } from '../store/agents.ts';
import { type ApiDeps, toAgent } from './deps.ts';
import type { Handlers } from './dispatch.ts';

type ProviderMethod = Extract<MethodName, `providers.${string}` | 'models.probe'>;

/** Providers of models: connecting, testing, finding them, and asking what their models can do. */
export function providerHandlers(deps: ApiDeps): Pick<Handlers, ProviderMethod> {
  const { models, clock } = deps;
  const { desk } = models;
  const questions: Questions = { desk, fetch: models.fetch, now: () => clock.now() };
  return {
    'providers.list': async () => ({
      providers: PROVIDERS.map((preset) => showProvider(desk, preset)),
      keep_choices: [...(await desk.secrets.choices())],
    }),
    'providers.connect': (input) => connectProvider(desk, input),
    'providers.disconnect': ({ provider }) => disconnectProvider(desk, provider),
    'providers.unlock': async ({ passphrase }) => ({ providers: await unlockProviders(desk, passphrase) }),
    'providers.test': (input) => testProvider(questions, input),
    'providers.discover': async () => ({ servers: await discoverServers(questions) }),
    'providers.models': ({ provider }) => askForModels(questions, provider),
    'models.probe': async ({ handle }) => {
      if (handle === OFFLINE_HANDLE) {
        throw new AppError(
          'unsupported',
          'The built-in demo model keeps memory by patterns; it is not probed.',
        );
      }
      const probe = await probeMemoryTools(models.requireImpatient(handle), () => clock.now());
      await desk.rememberProbe(splitHandle(handle).provider?.name ?? '', probe);
      return probe;
    },
  };
}

/** Tells every window that models changed, and each agent they answer for. */
export async function tellModelsChanged(
  { database, models, emit }: Pick<ApiDeps, 'database' | 'models' | 'emit'>,
  provider: string,
): Promise<void> {
  const records = await listAgents(database.read, {});
  emit({ type: 'models.changed' });
  for (const record of records) {
    // What the demo model advises depends on whether any provider is connected.
    const is_concerned =
      record.model === OFFLINE_HANDLE || splitHandle(record.model).provider?.name === provider;
    if (is_concerned) emit({ type: 'agent.changed', agent: toAgent(models, record) });
  }
}
