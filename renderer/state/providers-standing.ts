import type { Agent } from '../../shared/contract/agents.ts';
import type { Provider, RemoteModel } from '../../shared/contract/providers.ts';
import type { ModelInfo } from '../../shared/contract/system.ts';

/** How things stand with the model of an agent, the worst first; `provider` is the id in its handle. */
export type ModelStanding =
  /** The demo answers; `alone` when no provider is connected at all. */
  | { readonly kind: 'demo'; readonly alone: boolean }
  | { readonly kind: 'missing'; readonly provider: string; readonly message: string }
  | { readonly kind: 'locked'; readonly provider: string; readonly message: string }
  | { readonly kind: 'key'; readonly provider: string; readonly message: string }
  | { readonly kind: 'cut'; readonly message: string }
  | { readonly kind: 'tools'; readonly message: string }
  | { readonly kind: 'well' };

/** Says how things stand with the model of an agent. */
export function standingOf(agent: Agent, providers: readonly Provider[]): ModelStanding {
  const { badge } = agent.model_status;
  const message = agent.model_status.message ?? '';
  if (badge === 'offline_demo') {
    return { kind: 'demo', alone: !providers.some(({ connected }) => connected) };
  }
  const id = providerOf(agent.model);
  const provider = providers.find((each) => each.id === id);
  if (provider?.locked === true)
    return { kind: 'locked', provider: id, message: provider.problem ?? message };
  if (badge === 'provider_missing') return { kind: 'missing', provider: id, message };
  if (provider !== undefined && provider.problem !== null) {
    return { kind: 'key', provider: id, message: provider.problem };
  }
  if (badge === 'prompt_cut') return { kind: 'cut', message };
  if (badge === 'no_memory_tools') return { kind: 'tools', message };
  return { kind: 'well' };
}

/** First part of a handle: the id of its provider. */
export function providerOf(handle: string): string {
  return handle.slice(0, Math.max(0, handle.indexOf('/')));
}

/** Host and port of an address, as it is named to people; the address itself when it can not be read. */
export function placeOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : address;
}

/** Whether an address leads to this computer. */
export function isLoopback(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { hostname } = new URL(address);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/u.test(hostname);
}

/** Where the number of tokens comes from; `memoir` when only the name of the model is known. */
export type WindowSource = NonNullable<RemoteModel['context_source']> | 'memoir';

/** A model of a provider as the card shows it. */
export type ModelRow = {
  readonly handle: string;
  readonly name: string;
  /** Tokens; `null` when nobody says. */
  readonly window: number | null;
  readonly source: WindowSource | null;
  /** Tokens it could hold at most, where that is more. */
  readonly largest: number | null;
  readonly tools: keyof typeof TOOL_TONES;
};

/** How good it is what is known of the memory tools of a model. */
export const TOOL_TONES = {
  ok: 'ok',
  no_tool_call: 'warn',
  refused: 'warn',
  malformed: 'warn',
  claimed: 'plain',
  disclaimed: 'warn',
  unchecked: 'plain',
} as const;

/** Models as their server told them, with what a check found of them. */
export function rowsOfRemote(
  remote: readonly RemoteModel[],
  known: readonly ModelInfo[],
): readonly ModelRow[] {
  const checked = new Map(known.map(({ handle, memory_tools }) => [handle, memory_tools]));
  return remote.map((model) => ({
    handle: model.handle,
    name: model.name,
    window: model.context_window,
    source: model.context_window === null ? null : model.context_source,
    largest: isMore(model.largest_window, model.context_window) ? model.largest_window : null,
    tools: checked.get(model.handle) ?? claimOf(model.claims_tools),
  }));
}

/** Models of a provider as they are remembered. */
export function rowsOfKnown(known: readonly ModelInfo[], provider: string): readonly ModelRow[] {
  return known
    .filter((model) => model.provider === provider)
    .map(({ handle, name, context_window, memory_tools }) => ({
      handle,
      name,
      window: context_window,
      source: 'memoir',
      largest: null,
      tools: memory_tools ?? 'unchecked',
    }));
}

function isMore(largest: number | null, window: number | null): boolean {
  return largest !== null && (window === null || largest > window);
}

function claimOf(claims: boolean | null): ModelRow['tools'] {
  if (claims === null) return 'unchecked';
  return claims ? 'claimed' : 'disclaimed';
}

/** Models whose names hold every word of a query, whatever their case. */
export function findModels(rows: readonly ModelRow[], query: string): readonly ModelRow[] {
  const words = query.toLowerCase().split(/\s+/u);
  return rows.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)));
}
