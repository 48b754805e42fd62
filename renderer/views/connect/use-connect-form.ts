import { useState } from 'react';
import type { Provider } from '../../../shared/contract/providers.ts';
import { toWire } from '../../../shared/errors.ts';
import { useProviders } from '../../state/stores.ts';
import {
  emptyDraft,
  keepOf,
  readinessOf,
  typedOf,
  type ConnectDraft,
  type Readiness,
} from './connect-draft.ts';
import { useTest, type ProviderTest } from './use-test.ts';

/** The form of a provider as it stands, and its steps. */
export type ConnectForm = Readiness & {
  readonly draft: ConnectDraft;
  readonly change: (changed: Partial<ConnectDraft>) => void;
  readonly test: ProviderTest;
  readonly busy: boolean;
  /** Why it could not be connected. */
  readonly failure: string | null;
  /** The test before connecting did not succeed; the person may keep what is typed all the same. */
  readonly canInsist: boolean;
  readonly runTest: () => void;
  /** Tests first, unless `insist`; keeps what is typed, forgets it here, and asks for the models. Never rejects. */
  readonly connect: (insist?: boolean) => Promise<void>;
};

const AT_REST = { busy: false, failure: null as string | null, canInsist: false };

/** Follows the form of a provider. `onDone` runs once it is connected. */
export function useConnectForm(provider: Provider, onDone: () => void): ConnectForm {
  const choices = useProviders((state) => state.keep_choices);
  const keep = useProviders((state) => state.connect);
  const read = useProviders((state) => state.read);
  const test = useTest(provider);
  const [draft, setDraft] = useState(() => emptyDraft(choices));
  const [state, setState] = useState(AT_REST);
  const typed = typedOf(draft, provider);
  const wantsKey = test.state.kind === 'told' && test.state.outcome.problem?.code === 'model_auth';
  const ready = readinessOf(provider, draft, wantsKey);
  const connect = async (insist = false): Promise<void> => {
    setState({ ...AT_REST, busy: true });
    const outcome = insist ? null : await test.run(typed);
    if (!insist && outcome?.ok !== true) {
      setState({ ...AT_REST, canInsist: outcome !== null });
      return;
    }
    try {
      await keep({ provider: provider.id, ...typed, ...(typed.api_key === undefined ? {} : keepOf(draft)) });
    } catch (error) {
      setState({ ...AT_REST, failure: toWire(error).message });
      return;
    }
    setDraft(emptyDraft(choices));
    setState(AT_REST);
    test.reset();
    onDone();
    void read(provider.id);
  };
  return {
    ...state,
    ...ready,
    canTest: ready.canTest && !state.busy,
    canConnect: ready.canConnect && !state.busy,
    draft,
    test,
    change: (changed) => {
      setDraft({ ...draft, ...changed });
      setState({ ...state, failure: null, canInsist: false });
      // What was told was told of what stood there before.
      if (test.state.kind !== 'idle' && !('keep' in changed) && !('passphrase' in changed)) test.reset();
    },
    runTest: () => void test.run(typed),
    connect,
  };
}
