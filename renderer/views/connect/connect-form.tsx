import { useState, type JSX } from 'react';
import type { Provider } from '../../../shared/contract/providers.ts';
import { t } from '../../messages/t.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { KeyKeeping } from './key-keeping.tsx';
import { TestWords } from './test-words.tsx';
import { useConnectForm, type ConnectForm as Form } from './use-connect-form.ts';

/** Props of {@link ConnectForm}: `onDone` runs once it is connected. */
export type ConnectFormProps = { readonly provider: Provider; readonly onDone: () => void };

/** Key, address and how to keep them; Test asks once, Connect tests and keeps. */
export function ConnectForm({ provider, onDone }: ConnectFormProps): JSX.Element {
  const form = useConnectForm(provider, onDone);
  const { draft, change, test } = form;
  const isConnectFailure = form.canInsist;
  return (
    <form
      className="connect-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (form.canConnect) void form.connect();
      }}
    >
      {form.takesKey && <KeyField provider={provider} form={form} />}
      <AddressField provider={provider} form={form} />
      {draft.api_key !== '' && <KeyKeeping draft={draft} onChange={change} />}
      <TestWords
        provider={provider}
        test={test}
        {...(isConnectFailure ? { title: t('connect.act.failed') } : {})}
      />
      {form.failure !== null && (
        <p className="note warn wrap" role="alert">
          {form.failure}
        </p>
      )}
      <div className="row">
        <Button
          kind="prim"
          type="submit"
          disabled={!form.canConnect}
          aria-label={t('connect.act.name', { provider: provider.label })}
        >
          {t(form.busy ? 'connect.use.busy' : 'connect.act')}
        </Button>
        <Button
          disabled={!form.canTest}
          aria-label={t('connect.test.name', { provider: provider.label })}
          onClick={form.runTest}
        >
          {t('connect.test')}
        </Button>
        {form.canInsist && (
          <Button kind="ghost" disabled={!form.canConnect} onClick={() => void form.connect(true)}>
            {t('connect.act.anyway')}
          </Button>
        )}
      </div>
    </form>
  );
}

type FieldProps = { readonly provider: Provider; readonly form: Form };

function KeyField({ provider, form }: FieldProps): JSX.Element {
  const { keys_url, needs_key, source } = provider;
  const hint = form.needsKeyAgain
    ? t('connect.key.again')
    : source !== 'none'
      ? t('connect.key.replace')
      : needs_key
        ? t('connect.key.hint')
        : t('connect.key.optional');
  return (
    <TextField
      label={t('connect.key', { provider: provider.label })}
      type="password"
      autoComplete="off"
      spellCheck={false}
      value={form.draft.api_key}
      onChange={(event) => form.change({ api_key: event.target.value })}
      hint={
        <>
          {hint}{' '}
          {needs_key && keys_url !== null && (
            <a href={keys_url} target="_blank" rel="noopener noreferrer" title={keys_url}>
              {t('connect.key.page')}
            </a>
          )}
        </>
      }
    />
  );
}

/** Always there where the provider has no address of its own; else it unfolds. */
function AddressField({ provider, form }: FieldProps): JSX.Element {
  const { label, kind, base_url, id } = provider;
  const [open, setOpen] = useState(kind === 'local' || base_url === '' || !provider.is_own_url);
  if (!open) {
    return (
      <div>
        <button type="button" className="link t12" onClick={() => setOpen(true)}>
          {t('connect.address.own')}
        </button>
      </div>
    );
  }
  return (
    <TextField
      label={t('connect.address', { provider: label })}
      type="url"
      inputMode="url"
      spellCheck={false}
      placeholder={base_url}
      value={form.draft.base_url}
      onChange={(event) => form.change({ base_url: event.target.value })}
      hint={t(id === 'azure' ? 'connect.address.azure' : 'connect.address.hint')}
    />
  );
}
