import { useEffect, useId, useState, type JSX } from 'react';
import type { ReplayEdits } from '../../../shared/contract/steps.ts';
import { t } from '../../messages/t.ts';
import { useConnection } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Segments } from '../../ui/segments.tsx';
import { TextArea } from '../../ui/text-field.tsx';
import { secondsWords } from './step-words.ts';
import type { Replaying } from './use-replay.ts';
import type { WholeStep } from './use-step.ts';

/** Props of {@link ReplayForm}. */
export type ReplayFormProps = { readonly whole: WholeStep; readonly replaying: Replaying };

/** What is edited before a step is asked again. */
type Edited = 'nothing' | 'memory' | 'system';

/** Which model to ask, and what to put in place of what was recorded. */
export function ReplayForm({ whole, replaying }: ReplayFormProps): JSX.Element {
  const { step, prompt } = whole;
  const [model, setModel] = useState(step.model);
  const [edited, setEdited] = useState<Edited>('nothing');
  const [system, setSystem] = useState(prompt?.system ?? '');
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const blocks = prompt?.blocks ?? [];
  const choices: readonly Edited[] =
    blocks.length === 0 ? ['nothing', 'system'] : ['nothing', 'memory', 'system'];
  const edits = editsOf(edited, { system, recorded: prompt?.system ?? '', values, blocks });
  const isSame = model === step.model && Object.keys(edits).length === 0;
  return (
    <form
      className="replay-form"
      onSubmit={(event) => {
        event.preventDefault();
        replaying.start(model, edits);
      }}
    >
      <ModelSelect recorded={step.model} model={model} onChange={setModel} />
      <div className="row">
        <span className="t12 t2">{t('activity.replay.edit')}</span>
        <Segments
          label={t('activity.replay.edit')}
          size="m"
          value={edited}
          options={choices.map((value) => ({ value, label: t(`activity.replay.edit.${value}`) }))}
          onChange={setEdited}
        />
      </div>
      {edited === 'system' && (
        <TextArea
          label={t('activity.replay.system')}
          rows={10}
          value={system}
          onChange={(event) => setSystem(event.target.value)}
        />
      )}
      {edited === 'memory' &&
        blocks.map(({ label, value }) => (
          <TextArea
            key={label}
            label={t('activity.replay.block', { label })}
            rows={4}
            value={values[label] ?? value}
            onChange={(event) => setValues({ ...values, [label]: event.target.value })}
          />
        ))}
      <p className="t12 t3">{t(isSame ? 'activity.replay.same' : 'activity.replay.other')}</p>
      <Run replaying={replaying} />
    </form>
  );
}

function editsOf(
  edited: Edited,
  form: {
    readonly system: string;
    readonly recorded: string;
    readonly values: Readonly<Record<string, string>>;
    readonly blocks: NonNullable<WholeStep['prompt']>['blocks'];
  },
): ReplayEdits {
  if (edited === 'system') return form.system === form.recorded ? {} : { system: form.system };
  if (edited === 'nothing') return {};
  const changed = form.blocks.flatMap(({ label, value }): [string, string][] => {
    const next = form.values[label];
    return next === undefined || next === value ? [] : [[label, next]];
  });
  return changed.length === 0 ? {} : { blocks: Object.fromEntries(changed) };
}

type ModelSelectProps = {
  readonly recorded: string;
  readonly model: string;
  readonly onChange: (model: string) => void;
};

function ModelSelect({ recorded, model, onChange }: ModelSelectProps): JSX.Element {
  const id = useId();
  const models = useConnection((state) => state.models);
  const others = models.filter(({ handle, available }) => available && handle !== recorded);
  return (
    <div className="labelled">
      <label htmlFor={id}>{t('activity.replay.model')}</label>
      <select id={id} className="field" value={model} onChange={(event) => onChange(event.target.value)}>
        <option value={recorded}>{t('activity.replay.recorded', { model: recorded })}</option>
        {others.map(({ handle }) => (
          <option key={handle} value={handle}>
            {handle}
          </option>
        ))}
      </select>
    </div>
  );
}

function Run({ replaying }: Pick<ReplayFormProps, 'replaying'>): JSX.Element {
  const { run, stop } = replaying;
  if (run.kind === 'asking') {
    return (
      <div className="row">
        <Button onClick={stop}>{t('activity.replay.stop')}</Button>
        <Elapsed since={run.since} />
      </div>
    );
  }
  return (
    <>
      {run.kind === 'failed' && (
        <p className="note warn" role="alert">
          {run.message}
        </p>
      )}
      <div className="row">
        <Button kind="prim" type="submit">
          {t('activity.replay.run')}
        </Button>
        {run.kind === 'stopped' && (
          <span className="t12 t3" role="status">
            {t('activity.replay.stopped')}
          </span>
        )}
      </div>
    </>
  );
}

function Elapsed({ since }: { readonly since: number }): JSX.Element {
  const [now, setNow] = useState(since);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  return (
    <span className="t12 t3 num" role="status">
      {t('activity.replay.asking')} <span aria-hidden="true">{secondsWords(Math.max(0, now - since))}</span>
    </span>
  );
}
