import { useRef, useState } from 'react';
import type { InputOf } from '../../../shared/contract/index.ts';
import type { Provider } from '../../../shared/contract/providers.ts';
import { toWire } from '../../../shared/errors.ts';
import type { TestOutcome } from '../../state/providers.ts';
import { useProviders } from '../../state/stores.ts';

/** How far a test of a provider has come. */
export type TestState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'asking'; readonly base_url: string }
  | { readonly kind: 'told'; readonly outcome: TestOutcome }
  /** It could not even be asked: an address that is none, a key of several lines. */
  | { readonly kind: 'failed'; readonly message: string };

/** A test of a provider, and its steps. */
export type ProviderTest = {
  readonly state: TestState;
  /** Asks with what is typed, or with what is kept. The outcome, or `null` when it failed or nobody waited. */
  readonly run: (typed: Omit<InputOf<'providers.test'>, 'provider'>) => Promise<TestOutcome | null>;
  /** Forgets the outcome, and one that is still on its way. */
  readonly reset: () => void;
};

/** Tests a provider: one request, and nothing is kept. */
export function useTest(provider: Provider): ProviderTest {
  const test = useProviders((state) => state.test);
  const [state, setState] = useState<TestState>({ kind: 'idle' });
  const question = useRef(0);
  return {
    state,
    run: async (typed) => {
      question.current += 1;
      const own = question.current;
      setState({ kind: 'asking', base_url: typed.base_url ?? provider.base_url });
      try {
        const outcome = await test({ provider: provider.id, ...typed });
        if (own !== question.current) return null;
        setState({ kind: 'told', outcome });
        return outcome;
      } catch (error) {
        if (own === question.current) setState({ kind: 'failed', message: toWire(error).message });
        return null;
      }
    },
    reset: () => {
      question.current += 1;
      setState({ kind: 'idle' });
    },
  };
}
