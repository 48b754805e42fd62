import type { InputOf } from '../../../shared/contract/index.ts';
import type { KeyKeep, Provider } from '../../../shared/contract/providers.ts';
import { isLoopback } from '../../state/providers-standing.ts';
import type { KeepKind } from '../../state/providers.ts';

/** What is typed into the form of a provider. It lives in that form and nowhere else. */
export type ConnectDraft = {
  readonly api_key: string;
  /** Empty: the address in use. */
  readonly base_url: string;
  /** `null` until the person chose, where there is no keyring. */
  readonly keep: KeepKind | null;
  readonly passphrase: string;
};

/** What is typed, as a test or a connection takes it. */
export type Typed = Omit<InputOf<'providers.test'>, 'provider'>;

/** What a form may do as it stands. */
export type Readiness = {
  /** Whether there is a field for a key: servers on this computer ask for none, unless one said so. */
  readonly takesKey: boolean;
  /** A kept key does not go to a new address, so it has to be typed again. */
  readonly needsKeyAgain: boolean;
  readonly canTest: boolean;
  readonly canConnect: boolean;
};

/** An empty form. Where there is no keyring and a choice, nothing is chosen for the person. */
export function emptyDraft(choices: readonly KeepKind[]): ConnectDraft {
  const [best] = choices;
  const keep = best === 'keyring' || choices.length === 1 ? (best ?? null) : null;
  return { api_key: '', base_url: '', keep, passphrase: '' };
}

/** What is typed and differs from what is in use. */
export function typedOf({ api_key, base_url }: ConnectDraft, provider: Provider): Typed {
  const address = base_url.trim();
  return {
    ...(api_key.trim() === '' ? {} : { api_key: api_key.trim() }),
    ...(address === '' || address === provider.base_url ? {} : { base_url: address }),
  };
}

/** How the key is to be kept, as it is sent. */
export function keepOf({ keep, passphrase }: ConnectDraft): { keep?: KeyKeep } {
  if (keep === null) return {};
  return { keep: keep === 'passphrase' ? { kind: keep, passphrase } : { kind: keep } };
}

/** What the form may do. `wantsKey` when the server said that it wants a key. */
export function readinessOf(provider: Provider, draft: ConnectDraft, wantsKey: boolean): Readiness {
  const typed = typedOf(draft, provider);
  const address = typed.base_url ?? provider.base_url;
  const isNew = typed.base_url !== undefined;
  const hasTyped = typed.api_key !== undefined;
  const hasKept = provider.source !== 'none';
  const needsKeyAgain = isNew && hasKept && !hasTyped;
  const hasKey = !provider.needs_key || hasTyped || hasKept || isNew;
  const canTest = hasKey && !needsKeyAgain && address !== '';
  return {
    takesKey: takesKey(provider, address, wantsKey || hasTyped),
    needsKeyAgain,
    canTest,
    canConnect: canTest && (!hasTyped || isKeepChosen(draft)),
  };
}

function isKeepChosen({ keep, passphrase }: ConnectDraft): boolean {
  return keep !== null && (keep !== 'passphrase' || passphrase !== '');
}

function takesKey({ kind, key_env, source }: Provider, address: string, wantsKey: boolean): boolean {
  if (kind === 'cloud') return true;
  return key_env !== null && (!isLoopback(address) || wantsKey || source !== 'none');
}
