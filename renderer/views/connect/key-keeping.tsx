import { useId, type JSX } from 'react';
import { t } from '../../messages/t.ts';
import type { KeepKind } from '../../state/providers.ts';
import { useProviders } from '../../state/stores.ts';
import { TextField } from '../../ui/text-field.tsx';
import type { ConnectDraft } from './connect-draft.ts';

/** Props of {@link KeyKeeping}. */
export type KeyKeepingProps = {
  readonly draft: ConnectDraft;
  readonly onChange: (changed: Partial<ConnectDraft>) => void;
};

/** How a key is to be kept, as far as this computer can. Without a keyring nothing is chosen beforehand. */
export function KeyKeeping({ draft, onChange }: KeyKeepingProps): JSX.Element {
  const choices = useProviders((state) => state.keep_choices);
  if (choices.length === 1 && choices[0] === 'session') {
    return <p className="t12 t2">{t('connect.keep.onlySession')}</p>;
  }
  return (
    <fieldset className="connect-keep">
      <legend className="t12 t2">{t('connect.keep')}</legend>
      {!choices.includes('keyring') && <p className="t12 warn">{t('connect.keep.noKeyring')}</p>}
      {choices.map((kind) => (
        <Choice key={kind} kind={kind} draft={draft} onChange={onChange} />
      ))}
    </fieldset>
  );
}

function Choice({ kind, draft, onChange }: KeyKeepingProps & { readonly kind: KeepKind }): JSX.Element {
  const id = useId();
  return (
    <div className="row strip">
      <input
        id={id}
        type="radio"
        name="keep"
        checked={draft.keep === kind}
        aria-describedby={`${id}-why`}
        onChange={() => onChange({ keep: kind })}
      />
      <div className="grow">
        <label htmlFor={id}>{t(`connect.keep.${kind}`)}</label>
        <p id={`${id}-why`} className={`t12 ${kind === 'unprotected' ? 'warn' : 't2'}`}>
          {t(`connect.keep.${kind}.why`)}
        </p>
        {kind === 'passphrase' && draft.keep === kind && (
          <TextField
            label={t('connect.passphrase')}
            type="password"
            autoComplete="off"
            value={draft.passphrase}
            onChange={(event) => onChange({ passphrase: event.target.value })}
            hint={t('connect.passphrase.hint')}
          />
        )}
      </div>
    </div>
  );
}
