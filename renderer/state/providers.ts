import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Client } from '../../shared/client.ts';
import type { InputOf, OutputOf } from '../../shared/contract/index.ts';
import type {
  FoundServer,
  KeyKeep,
  MemoryTools,
  Provider,
  RemoteModel,
} from '../../shared/contract/providers.ts';
import { toWire, type WireError } from '../../shared/errors.ts';

/** How a key can be kept. */
export type KeepKind = KeyKeep['kind'];

/** How a test of a provider went. */
export type TestOutcome = OutputOf<'providers.test'>;

/** How far looking for servers on this computer has come. */
export type Search =
  | { readonly kind: 'idle' }
  /** `servers` are those found before, while it looks again. */
  | { readonly kind: 'looking'; readonly servers: readonly FoundServer[] }
  | { readonly kind: 'found'; readonly servers: readonly FoundServer[] }
  | { readonly kind: 'failed'; readonly error: WireError };

/** How far reading the models of a provider has come. */
export type Reading =
  | { readonly kind: 'asking' }
  | { readonly kind: 'read'; readonly models: readonly RemoteModel[] }
  | { readonly kind: 'failed'; readonly error: WireError };

/** How far checking the memory tools of a model has come; `message` is for a person. */
export type Check =
  | { readonly kind: 'asking' }
  | { readonly kind: 'told'; readonly tools: MemoryTools; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string };

/** The card "Connect a model": closed, or open, perhaps with one provider unfolded. */
export type ConnectCard = { readonly open: boolean; readonly provider: string | null };

/** The providers of models as the backend last told them, and the questions a person asked of them. Holds no key. */
export type ProvidersState = {
  /** False until the first list came. */
  readonly loaded: boolean;
  readonly providers: readonly Provider[];
  /** Ways a key can be kept here, the best one first. */
  readonly keep_choices: readonly KeepKind[];
  readonly card: ConnectCard;
  readonly search: Search;
  /** By provider. */
  readonly readings: Readonly<Record<string, Reading>>;
  /** By handle of the model. */
  readonly checks: Readonly<Record<string, Check>>;
  /** Reads how things stand with the providers. Asks no other computer. */
  readonly load: () => Promise<void>;
  /** Opens the card, which looks on this computer at once. */
  readonly openCard: (provider?: string) => void;
  readonly closeCard: () => void;
  /** Looks for servers on this computer. Never rejects: see `search`. */
  readonly look: () => Promise<void>;
  /** Forgets what was found, and what is still on its way. */
  readonly stopLooking: () => void;
  /** Asks a connected provider for its models. Never rejects: see `readings`. */
  readonly read: (provider: string) => Promise<void>;
  /** Waits no longer for the models of a provider; those that came stay. */
  readonly stopReading: (provider: string) => void;
  /** Asks a model whether it can keep memory. Never rejects: see `checks`. */
  readonly check: (handle: string) => Promise<void>;
  readonly stopChecking: (handle: string) => void;
  readonly test: (input: InputOf<'providers.test'>) => Promise<TestOutcome>;
  readonly connect: (input: InputOf<'providers.connect'>) => Promise<Provider>;
  readonly disconnect: (provider: string) => Promise<Provider>;
  readonly unlock: (passphrase: string) => Promise<void>;
};

/** Makes the store of the providers. */
export function createProvidersStore(client: Client): StoreApi<ProvidersState> {
  return createStore<ProvidersState>()((set, get) => ({
    loaded: false,
    providers: [],
    keep_choices: [],
    card: { open: false, provider: null },
    search: { kind: 'idle' },
    readings: {},
    checks: {},
    load: async () => set({ ...(await client.call('providers.list', {})), loaded: true }),
    openCard: (provider) => {
      set({ card: { open: true, provider: provider ?? null } });
      void get().look();
    },
    closeCard: () => {
      set({ card: { open: false, provider: null } });
      get().stopLooking();
    },
    ...lookingActions(client, set, get),
    ...askingActions(client, set, get),
    test: (input) => client.call('providers.test', input),
    connect: async (input) => putProvider(set, await client.call('providers.connect', input)),
    disconnect: async (id) => {
      const provider = putProvider(set, await client.call('providers.disconnect', { provider: id }));
      set((state) => ({ readings: omit(state.readings, id) }));
      return provider;
    },
    unlock: async (passphrase) => set(await client.call('providers.unlock', { passphrase })),
  }));
}

type Setter = StoreApi<ProvidersState>['setState'];
type Getter = StoreApi<ProvidersState>['getState'];

function putProvider(set: Setter, provider: Provider): Provider {
  set((state) => ({
    providers: state.providers.map((each) => (each.id === provider.id ? provider : each)),
  }));
  return provider;
}

function lookingActions(
  client: Client,
  set: Setter,
  get: Getter,
): Pick<ProvidersState, 'look' | 'stopLooking'> {
  // An answer that nobody waits for any more is dropped.
  let question = 0;
  return {
    look: async () => {
      question += 1;
      const own = question;
      const { search } = get();
      set({ search: { kind: 'looking', servers: search.kind === 'found' ? search.servers : [] } });
      try {
        const { servers } = await client.call('providers.discover', {});
        if (own === question) set({ search: { kind: 'found', servers } });
      } catch (error) {
        if (own === question) set({ search: { kind: 'failed', error: toWire(error) } });
      }
    },
    stopLooking: () => {
      question += 1;
      set({ search: { kind: 'idle' } });
    },
  };
}

function askingActions(
  client: Client,
  set: Setter,
  get: Getter,
): Pick<ProvidersState, 'read' | 'stopReading' | 'check' | 'stopChecking'> {
  const putReading = (id: string, reading: Reading): void =>
    set((state) => ({ readings: { ...state.readings, [id]: reading } }));
  const putCheck = (handle: string, check: Check): void =>
    set((state) => ({ checks: { ...state.checks, [handle]: check } }));
  return {
    read: async (id) => {
      const own: Reading = { kind: 'asking' };
      putReading(id, own);
      const isAwaited = (): boolean => get().readings[id] === own;
      try {
        const { models } = await client.call('providers.models', { provider: id });
        if (isAwaited()) putReading(id, { kind: 'read', models });
      } catch (error) {
        if (isAwaited()) putReading(id, { kind: 'failed', error: toWire(error) });
      }
    },
    stopReading: (id) => {
      if (get().readings[id]?.kind === 'asking') set((state) => ({ readings: omit(state.readings, id) }));
    },
    check: async (handle) => {
      const own: Check = { kind: 'asking' };
      putCheck(handle, own);
      const isAwaited = (): boolean => get().checks[handle] === own;
      try {
        const { memory_tools: tools, message } = await client.call('models.probe', { handle });
        if (isAwaited()) putCheck(handle, { kind: 'told', tools, message });
      } catch (error) {
        if (isAwaited()) putCheck(handle, { kind: 'failed', message: toWire(error).message });
      }
    },
    stopChecking: (handle) => set((state) => ({ checks: omit(state.checks, handle) })),
  };
}

function omit<Value>(record: Readonly<Record<string, Value>>, name: string): Readonly<Record<string, Value>> {
  const { [name]: _gone, ...rest } = record;
  return rest;
}
