import { CircleAlert } from 'lucide-react';
import { useId, type JSX } from 'react';
import type { Agent } from '../../../shared/contract/agents.ts';
import type { ModelInfo } from '../../../shared/contract/system.ts';
import { formatNumber, t } from '../../messages/t.ts';
import { useConnection } from '../../state/stores.ts';
import { Icon } from '../../ui/icon.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { ToolsBadge } from '../connect/model-line.tsx';
import { ModelCheck } from '../context/model-check.tsx';
import { SaveBar, SectionFrame } from './section-frame.tsx';
import { useSection } from './use-section.ts';

/** Numbers are kept as typed; empty means "leave it to the provider" or "as large as the model allows". */
type ModelDraft = {
  readonly model: string;
  readonly temperature: string;
  readonly window: string;
  readonly output: string;
  readonly parallel: boolean;
};

const words = (value: number | null): string => (value === null ? '' : String(value));
const number = (text: string): number | null => (text.trim() === '' ? null : Number(text));

const FIELDS = {
  read: ({ model, model_settings, context_window_limit }: Agent): ModelDraft => ({
    model,
    temperature: words(model_settings.temperature),
    window: words(context_window_limit),
    output: words(model_settings.max_output_tokens),
    parallel: model_settings.parallel_tool_calls,
  }),
  write: ({ model, temperature, window, output, parallel }: ModelDraft) => ({
    model,
    context_window_limit: number(window),
    model_settings: {
      temperature: number(temperature),
      max_output_tokens: number(output),
      parallel_tool_calls: parallel,
    },
  }),
};

/** Whether a typed number is empty or lies between two numbers. */
function isWithin(text: string, range: { from: number; to: number; whole: boolean }): boolean {
  const value = number(text);
  if (value === null) return true;
  return value >= range.from && value <= range.to && (!range.whole || Number.isInteger(value));
}

/** Whether a text names a model: `provider/name`. */
function isHandle(model: string): boolean {
  return /^[^\s/]+\/\S+$/u.test(model);
}

/** Whether the draft would let the talk live in another window than now. */
function isOtherWindow(agent: Agent, { model, window }: ModelDraft): boolean {
  return model !== agent.model || number(window) !== agent.context_window_limit;
}

/** Which model answers, and how it is asked. */
export function ModelSection({ agent }: { readonly agent: Agent }): JSX.Element {
  const section = useSection(agent, FIELDS);
  const { draft, change } = section;
  const parallel = useId();
  const valid = {
    model: isHandle(draft.model),
    temperature: isWithin(draft.temperature, { from: 0, to: 2, whole: false }),
    window: isWithin(draft.window, { from: 1024, to: 10_000_000, whole: true }),
    output: isWithin(draft.output, { from: 1, to: Infinity, whole: true }),
  };
  const title = t('settings.model');
  return (
    <SectionFrame id="settings-model" title={title}>
      <ModelChoice agent={agent} model={draft.model} onChange={(model) => change({ model })} />
      <div className="three">
        <NumberField
          name="temperature"
          value={draft.temperature}
          valid={valid.temperature}
          onChange={change}
        />
        <NumberField name="window" value={draft.window} valid={valid.window} onChange={change} />
        <NumberField name="output" value={draft.output} valid={valid.output} onChange={change} />
      </div>
      <div className="row strip">
        <input
          id={parallel}
          type="checkbox"
          checked={draft.parallel}
          onChange={(event) => change({ parallel: event.target.checked })}
        />
        <label htmlFor={parallel}>{t('settings.parallel')}</label>
      </div>
      {isOtherWindow(agent, draft) && valid.model && valid.window && (
        <ModelCheck agent={agent} model={draft.model} window_limit={number(draft.window)} />
      )}
      <SaveBar title={title} section={section} valid={Object.values(valid).every(Boolean)} />
    </SectionFrame>
  );
}

type NumberName = 'temperature' | 'window' | 'output';
type NumberFieldProps = {
  readonly name: NumberName;
  readonly value: string;
  readonly valid: boolean;
  readonly onChange: (changed: Partial<Pick<ModelDraft, NumberName>>) => void;
};

function NumberField({ name, value, valid, onChange }: NumberFieldProps): JSX.Element {
  return (
    <TextField
      label={t(`settings.${name}`)}
      type="number"
      inputMode="decimal"
      step="any"
      value={value}
      aria-invalid={!valid}
      onChange={(event) => onChange({ [name]: event.target.value })}
      hint={<span className={valid ? '' : 'danger'}>{t(`settings.${name}.hint`)}</span>}
    />
  );
}

type ModelChoiceProps = {
  readonly agent: Agent;
  readonly model: string;
  readonly onChange: (model: string) => void;
};

function ModelChoice({ agent, model, onChange }: ModelChoiceProps): JSX.Element {
  const id = useId();
  const models = useConnection((state) => state.models);
  const chosen = models.find(({ handle }) => handle === model);
  const { model_status: status } = agent;
  const isSaved = model === agent.model;
  const cure =
    chosen?.available === false
      ? t('settings.model.cure', { provider: chosen.provider })
      : isSaved
        ? status.message
        : null;
  return (
    <div className="labelled">
      <label htmlFor={id}>{t('settings.model')}</label>
      <input
        id={id}
        className="field"
        list={`${id}-models`}
        value={model}
        spellCheck={false}
        aria-invalid={!isHandle(model)}
        aria-describedby={`${id}-hint`}
        onChange={(event) => onChange(event.target.value.trim())}
      />
      <datalist id={`${id}-models`}>
        {models.map(({ handle, available, context_window, memory_tools }) => (
          <option key={handle} value={handle}>
            {optionWords({ handle, available, context_window, memory_tools })}
          </option>
        ))}
      </datalist>
      <span id={`${id}-hint`} className={`t12 ${isHandle(model) ? 't3' : 'danger'}`}>
        {t('settings.model.hint')}
      </span>
      {chosen !== undefined && chosen.memory_tools !== null && <ToolsBadge tools={chosen.memory_tools} />}
      {cure !== null && (
        <span className="t12 warn row">
          <Icon icon={CircleAlert} size={14} />
          <span className="wrap">{cure}</span>
        </span>
      )}
      {isSaved && (
        <span className="t12 t3 num">
          {t('settings.model.answering', {
            model: status.answering_with,
            count: formatNumber(status.context_window),
          })}
        </span>
      )}
    </div>
  );
}

/** A model of the list with what it holds, and what a check of its memory tools found. */
function optionWords(
  model: Pick<ModelInfo, 'handle' | 'available' | 'context_window' | 'memory_tools'>,
): string {
  const { handle, available, context_window: count, memory_tools } = model;
  if (!available) return t('settings.model.missing', { model: handle });
  if (memory_tools === null) return t('settings.model.tokens', { model: handle, count });
  return t('settings.model.known', { model: handle, count, tools: t(`connect.tools.${memory_tools}`) });
}
