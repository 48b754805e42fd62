import { useId, type JSX } from 'react';
import type { Agent } from '../../../shared/contract/agents.ts';
import { t } from '../../messages/t.ts';
import { TextArea, TextField } from '../../ui/text-field.tsx';
import { CopyButton } from '../archive/copy-button.tsx';
import { TagEditor } from '../archive/tag-editor.tsx';
import { SaveBar, SectionFrame } from './section-frame.tsx';
import { useSection } from './use-section.ts';

/** The same rule the contract has. */
const NAME = /^[\p{L}\p{N}_ '.-]{1,100}$/u;

type Identity = {
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly timezone: string;
};

const FIELDS = {
  read: ({ name, description, tags, timezone }: Agent): Identity => ({
    name,
    description: description ?? '',
    tags,
    timezone,
  }),
  write: ({ name, description, tags, timezone }: Identity) => ({
    name: name.trim(),
    description: description.trim() === '' ? null : description,
    tags: [...tags],
    timezone,
  }),
};

/** Who the agent is: name, description, tags, time zone; its id and type can be read. */
export function IdentitySection({ agent }: { readonly agent: Agent }): JSX.Element {
  const section = useSection(agent, FIELDS);
  const { draft, change } = section;
  const isNamed = NAME.test(draft.name.trim());
  const title = t('settings.identity');
  return (
    <SectionFrame id="settings-identity" title={title}>
      <TextField
        label={t('settings.name')}
        value={draft.name}
        maxLength={100}
        aria-invalid={!isNamed}
        onChange={(event) => change({ name: event.target.value })}
        {...(isNamed ? {} : { hint: <span className="danger">{t('settings.name.hint')}</span> })}
      />
      <TextArea
        label={t('settings.description')}
        value={draft.description}
        rows={2}
        maxLength={2000}
        hint={t('settings.description.hint')}
        onChange={(event) => change({ description: event.target.value })}
      />
      <TagEditor tags={draft.tags} onChange={(tags) => change({ tags })} />
      <TimeZoneChoice zone={draft.timezone} onChange={(timezone) => change({ timezone })} />
      <dl className="kv">
        <dt>{t('settings.id')}</dt>
        <dd className="row">
          <span className="mono wrap">{agent.id}</span>
          <CopyButton text={agent.id} />
        </dd>
        <dt>{t('settings.type')}</dt>
        <dd>
          <span className="mono">{agent.agent_type}</span>{' '}
          <span className="t12 t3">{t('settings.type.why')}</span>
        </dd>
      </dl>
      <SaveBar title={title} section={section} valid={isNamed} />
    </SectionFrame>
  );
}

type TimeZoneProps = { readonly zone: string; readonly onChange: (zone: string) => void };

function TimeZoneChoice({ zone, onChange }: TimeZoneProps): JSX.Element {
  const id = useId();
  const zones = new Set(['UTC', zone, ...Intl.supportedValuesOf('timeZone')]);
  return (
    <div className="labelled">
      <label htmlFor={id}>{t('settings.timezone')}</label>
      <select
        id={id}
        className="field"
        value={zone}
        aria-describedby={`${id}-hint`}
        onChange={(event) => onChange(event.target.value)}
      >
        {[...zones].toSorted().map((each) => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </select>
      <span id={`${id}-hint`} className="t12 t3">
        {t('settings.timezone.hint')}
      </span>
    </div>
  );
}
