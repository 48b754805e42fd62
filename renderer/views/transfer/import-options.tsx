import { useId, type JSX } from 'react';
import type { FilePreview } from '../../../shared/contract/transfer.ts';
import { t } from '../../messages/t.ts';
import { useConnection } from '../../state/stores.ts';
import { TextField } from '../../ui/text-field.tsx';
import type { ImportChoices } from './import-state.ts';

/** Props of {@link ImportOptions}. */
export type ImportOptionsProps = {
  readonly preview: FilePreview;
  readonly choices: ImportChoices;
  readonly onChange: (choices: ImportChoices) => void;
};

/** The same rule the contract has for names of agents; empty keeps the name of the file. */
const NAME = /^[\p{L}\p{N}_ '.-]{0,100}$/u;

/** Whether the choices can be sent. */
export function areValid({ name }: ImportChoices): boolean {
  return NAME.test(name.trim());
}

/** What can be decided before an import: name and model of the new agent, and whether its messages come along. */
export function ImportOptions({ preview, choices, onChange }: ImportOptionsProps): JSX.Element {
  const strip = useId();
  const [only] = preview.agents;
  const isOne = preview.agents.length === 1 && only !== undefined;
  return (
    <section className="imp-options" aria-label={t('import.options')}>
      <TextField
        label={t('import.name')}
        value={choices.name}
        disabled={!isOne}
        placeholder={isOne ? only.name : t('import.name.many')}
        aria-invalid={!areValid(choices)}
        onChange={(event) => onChange({ ...choices, name: event.target.value })}
        {...(areValid(choices) ? {} : { hint: <span className="danger">{t('import.name.hint')}</span> })}
      />
      <ModelChoice model={choices.model} onChange={(model) => onChange({ ...choices, model })} />
      <div className="row strip">
        <input
          id={strip}
          type="checkbox"
          checked={choices.strip_messages}
          onChange={(event) => onChange({ ...choices, strip_messages: event.target.checked })}
        />
        <label htmlFor={strip}>
          {t('import.strip')} <span className="t12 t2">{t('import.strip.why')}</span>
        </label>
      </div>
    </section>
  );
}

type ModelChoiceProps = { readonly model: string; readonly onChange: (model: string) => void };

function ModelChoice({ model, onChange }: ModelChoiceProps): JSX.Element {
  const id = useId();
  const models = useConnection((state) => state.models);
  return (
    <div className="labelled">
      <label htmlFor={id}>{t('import.model')}</label>
      <select id={id} className="field" value={model} onChange={(event) => onChange(event.target.value)}>
        <option value="">{t('import.model.keep')}</option>
        {models.map((each) => (
          <option key={each.handle} value={each.handle}>
            {each.available ? each.handle : t('import.model.missing', { model: each.handle })}
          </option>
        ))}
      </select>
    </div>
  );
}
