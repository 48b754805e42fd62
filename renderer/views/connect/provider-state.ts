import type { Provider } from '../../../shared/contract/providers.ts';
import { t } from '../../messages/t.ts';
import { placeOf } from '../../state/providers-standing.ts';

/** What can be the matter with a provider. */
export type ProviderStateKind = 'none' | 'connected' | 'locked' | 'problem' | 'incomplete';

/** Whether the key comes from the environment or a file, so that it cannot be changed or forgotten here. */
export function isOutside({ source }: Provider): boolean {
  return source === 'environment' || source === 'file';
}

/** How things stand with a provider, in words for its row. Never its key, only how that ends. */
export function stateOf(provider: Provider): { readonly kind: ProviderStateKind; readonly words: string } {
  const { locked, problem, base_url, connected, id } = provider;
  if (locked) return { kind: 'locked', words: t('connect.state.locked') };
  if (problem !== null) {
    return base_url === ''
      ? { kind: 'incomplete', words: t('connect.state.incomplete') }
      : { kind: 'problem', words: t('connect.state.problem') };
  }
  if (connected) return { kind: 'connected', words: connectedWords(provider) };
  return { kind: 'none', words: t(id === 'vllm' ? 'connect.state.any' : 'connect.state.none') };
}

function connectedWords({ source, last4, base_url, is_own_url, kind }: Provider): string {
  const place =
    kind === 'local' || !is_own_url ? t('connect.state.address', { place: placeOf(base_url) }) : '';
  if (kind === 'local' && source === 'none') return place;
  const parts = [
    place === '' ? t('connect.state.connected') : place,
    t(`connect.source.${source}`),
    last4 === '' ? '' : t('connect.last4', { last4 }),
  ];
  return parts.filter((part) => part !== '').join(', ');
}
