import { useState, type JSX } from 'react';
import type { Provider } from '../../../shared/contract/providers.ts';
import { t } from '../../messages/t.ts';
import { Button } from '../../ui/button.tsx';
import { Disconnect } from './disconnect.tsx';
import { isOutside } from './provider-state.ts';
import { ProviderModels } from './provider-models.tsx';
import { TestWords } from './test-words.tsx';
import { useTest } from './use-test.ts';

/** Props of {@link Connected}: `onChange` unfolds the form, `null` where there is nothing to change here. */
export type ConnectedProps = {
  readonly provider: Provider;
  /** False while its key is locked or cannot be read. */
  readonly isUsable: boolean;
  readonly changing: boolean;
  readonly onChange: (() => void) | null;
};

/** A provider that is connected: test it, change it, disconnect it, and use its models. */
export function Connected({ provider, isUsable, changing, onChange }: ConnectedProps): JSX.Element {
  const test = useTest(provider);
  const [asking, setAsking] = useState(false);
  const canForget = !isOutside(provider);
  return (
    <>
      <div className="row">
        {isUsable && (
          <Button
            aria-label={t('connect.test.name', { provider: provider.label })}
            onClick={() => void test.run({})}
          >
            {t('connect.test')}
          </Button>
        )}
        {onChange !== null && (
          <Button aria-expanded={changing} onClick={onChange}>
            {t(provider.needs_key ? 'connect.change.key' : 'connect.change.address')}
          </Button>
        )}
        <span className="grow" />
        {(canForget || !provider.is_own_url) && (
          <Button
            kind="danger"
            aria-label={t('connect.disconnect.name', { provider: provider.label })}
            aria-expanded={asking}
            onClick={() => setAsking(!asking)}
          >
            {t('connect.disconnect')}
          </Button>
        )}
      </div>
      <TestWords provider={provider} test={test} />
      {asking && <Disconnect provider={provider} onEnd={() => setAsking(false)} />}
      {isUsable && <ProviderModels provider={provider} />}
    </>
  );
}
