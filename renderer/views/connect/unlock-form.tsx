import { useState, type JSX } from 'react';
import type { Provider } from '../../../shared/contract/providers.ts';
import { toWire } from '../../../shared/errors.ts';
import { t } from '../../messages/t.ts';
import { useProviders } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/text-field.tsx';

/** Asks for the passphrase that opens the kept keys. What was typed is dropped once it was sent. */
export function UnlockForm({ provider }: { readonly provider: Provider }): JSX.Element {
  const unlock = useProviders((state) => state.unlock);
  const [passphrase, setPassphrase] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const send = async (): Promise<void> => {
    if (passphrase === '' || busy) return;
    setBusy(true);
    setFailure(null);
    setPassphrase('');
    try {
      await unlock(passphrase);
    } catch (error) {
      setFailure(t('connect.unlock.failed', { message: toWire(error).message }));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      className="connect-form"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <p className="t2">{t('connect.unlock.why', { provider: provider.label })}</p>
      <div className="row end">
        <TextField
          label={t('connect.passphrase')}
          className="grow"
          type="password"
          autoComplete="off"
          value={passphrase}
          onChange={(event) => setPassphrase(event.target.value)}
        />
        <Button
          kind="prim"
          type="submit"
          disabled={passphrase === '' || busy}
          aria-label={t('connect.unlock.name')}
        >
          {t('connect.unlock')}
        </Button>
      </div>
      {failure !== null && (
        <p className="note warn wrap" role="alert">
          {failure}
        </p>
      )}
    </form>
  );
}
