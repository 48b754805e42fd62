import { useId, type JSX } from 'react';
import type { Agent } from '../../../shared/contract/agents.ts';
import { t } from '../../messages/t.ts';
import { SaveBar, SectionFrame } from './section-frame.tsx';
import { useSection } from './use-section.ts';

type Metadata = { readonly metadata: Agent['metadata'] };

const FIELDS = {
  read: ({ metadata }: Agent): Metadata => ({ metadata }),
  write: ({ metadata }: Metadata) => ({ metadata: { ...metadata } }),
};

/** Keys of an agent's metadata by which the backend keeps edits as proposals. */
const SWITCHES = [
  { key: 'review_external_writes', words: 'settings.review.external' },
  { key: 'review_archive', words: 'settings.review.archive' },
] as const;

/** Which edits of the agent wait for a person, whichever block they are of. */
export function ReviewSection({ agent }: { readonly agent: Agent }): JSX.Element {
  const section = useSection(agent, FIELDS);
  const { metadata } = section.draft;
  const change = (key: string, on: boolean): void => {
    const { [key]: _before, ...others } = metadata;
    section.change({ metadata: on ? { ...others, [key]: true } : others });
  };
  const title = t('settings.review');
  return (
    <SectionFrame id="settings-review" title={title}>
      <p className="t12 t2">{t('settings.review.why')}</p>
      {SWITCHES.map(({ key, words }) => (
        <Switch
          key={key}
          label={t(words)}
          why={t(`${words}.why`)}
          on={metadata[key] === true}
          onChange={(on) => change(key, on)}
        />
      ))}
      <SaveBar title={title} section={section} valid />
    </SectionFrame>
  );
}

type SwitchProps = {
  readonly label: string;
  readonly why: string;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
};

function Switch({ label, why, on, onChange }: SwitchProps): JSX.Element {
  const id = useId();
  return (
    <div className="row strip">
      <input
        id={id}
        type="checkbox"
        checked={on}
        aria-describedby={`${id}-why`}
        onChange={(event) => onChange(event.target.checked)}
      />
      <div className="grow">
        <label htmlFor={id}>{label}</label>
        <p id={`${id}-why`} className="t12 t2 wrap">
          {why}
        </p>
      </div>
    </div>
  );
}
