import { useId, type JSX } from 'react';
import type { Agent, Compaction } from '../../../shared/contract/agents.ts';
import { t } from '../../messages/t.ts';
import { useConnection } from '../../state/stores.ts';
import { TextArea, TextField } from '../../ui/text-field.tsx';
import { SaveBar, SectionFrame } from './section-frame.tsx';
import { useSection } from './use-section.ts';

/** Numbers are kept as typed; empty words mean Memoir's own, an empty model the agent's. */
type CompactionDraft = {
  readonly mode: Compaction['mode'];
  readonly writer: string;
  readonly share: string;
  readonly clip: string;
  readonly prompt: string;
};

const MODES = [
  'sliding_window',
  'all',
  'self_compact_sliding_window',
  'self_compact_all',
] as const satisfies readonly Compaction['mode'][];

/** From how much of the window on it is compacted, in percent. */
const TRIGGER_PERCENT = 85;

const FIELDS = {
  read: ({ compaction }: Agent): CompactionDraft => ({
    mode: compaction.mode,
    writer: compaction.model ?? '',
    share: String(Math.round(compaction.sliding_window_percentage * 100)),
    clip: String(compaction.clip_chars),
    prompt: compaction.prompt ?? '',
  }),
  write: ({ mode, writer, share, clip, prompt }: CompactionDraft) => ({
    compaction: {
      mode,
      model: writer === '' ? null : writer,
      sliding_window_percentage: Number(share) / 100,
      clip_chars: Number(clip),
      prompt: prompt.trim() === '' ? null : prompt,
    },
  }),
};

/** How the window of an agent is made smaller when it fills. */
export function CompactionSection({ agent }: { readonly agent: Agent }): JSX.Element {
  const section = useSection(agent, FIELDS);
  const { draft, change } = section;
  const title = t('settings.compaction');
  const valid = {
    writer: draft.writer === '' || /^[^\s/]+\/\S+$/u.test(draft.writer),
    share: isWhole(draft.share, 5, 95),
    clip: isWhole(draft.clip, 500, 200_000),
  };
  return (
    <SectionFrame id="settings-compaction" title={title}>
      <p className="t12 t2">{t('settings.compaction.why', { count: TRIGGER_PERCENT })}</p>
      <ModeField mode={draft.mode} onChange={(mode) => change({ mode })} />
      <WriterField writer={draft.writer} valid={valid.writer} onChange={(writer) => change({ writer })} />
      <div className="three">
        <NumberField name="share" value={draft.share} valid={valid.share} onChange={change} />
        <NumberField name="clip" value={draft.clip} valid={valid.clip} onChange={change} />
      </div>
      <TextArea
        label={t('settings.compaction.prompt')}
        rows={4}
        maxLength={20_000}
        value={draft.prompt}
        hint={t('settings.compaction.prompt.hint')}
        onChange={(event) => change({ prompt: event.target.value })}
      />
      <SaveBar title={title} section={section} valid={Object.values(valid).every(Boolean)} />
    </SectionFrame>
  );
}

type ModeFieldProps = {
  readonly mode: Compaction['mode'];
  readonly onChange: (mode: Compaction['mode']) => void;
};

function ModeField({ mode, onChange }: ModeFieldProps): JSX.Element {
  const id = useId();
  return (
    <div className="labelled">
      <label htmlFor={id}>{t('settings.compaction.mode')}</label>
      <select
        id={id}
        className="field"
        value={mode}
        aria-describedby={`${id}-why`}
        onChange={(event) => onChange(MODES.find((each) => each === event.target.value) ?? mode)}
      >
        {MODES.map((each) => (
          <option key={each} value={each}>
            {t(`context.mode.${each}`)}
          </option>
        ))}
      </select>
      <span id={`${id}-why`} className="t12 t3">
        {t(`context.mode.${mode}.why`)}
      </span>
    </div>
  );
}

type WriterFieldProps = {
  readonly writer: string;
  readonly valid: boolean;
  readonly onChange: (writer: string) => void;
};

function WriterField({ writer, valid, onChange }: WriterFieldProps): JSX.Element {
  const list = useId();
  const models = useConnection((state) => state.models);
  return (
    <>
      <TextField
        label={t('settings.compaction.model')}
        value={writer}
        list={list}
        spellCheck={false}
        aria-invalid={!valid}
        hint={<span className={valid ? '' : 'danger'}>{t('settings.compaction.model.hint')}</span>}
        onChange={(event) => onChange(event.target.value.trim())}
      />
      <datalist id={list}>
        {models.map(({ handle }) => (
          <option key={handle} value={handle} />
        ))}
      </datalist>
    </>
  );
}

type NumberFieldProps = {
  readonly name: 'share' | 'clip';
  readonly value: string;
  readonly valid: boolean;
  readonly onChange: (changed: Partial<CompactionDraft>) => void;
};

function NumberField({ name, value, valid, onChange }: NumberFieldProps): JSX.Element {
  return (
    <TextField
      label={t(`settings.compaction.${name}`)}
      type="number"
      inputMode="numeric"
      value={value}
      aria-invalid={!valid}
      hint={<span className={valid ? '' : 'danger'}>{t(`settings.compaction.${name}.hint`)}</span>}
      onChange={(event) => onChange({ [name]: event.target.value })}
    />
  );
}

function isWhole(text: string, from: number, to: number): boolean {
  const value = Number(text);
  return text.trim() !== '' && Number.isInteger(value) && value >= from && value <= to;
}
