import { ChevronDown, Search, Upload, X } from 'lucide-react';
import { useEffect, useState, type JSX } from 'react';
import { formatNumber, t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { useAgents, useStores } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu } from '../../ui/menu.tsx';
import { Segments } from '../../ui/segments.tsx';
import type { ActivityFilter, ActivityState, Show } from './activity-state.ts';
import { exportList } from './export-list.ts';

/** How long typing must pause before a search, in milliseconds. */
const PAUSE_MS = 200;

const SHOWN: readonly Show[] = ['all', 'changes', 'steps', 'errors'];
const AUTHORS = ['agent', 'user', 'api', 'import', 'system'] as const;
const PERIODS = ['day', 'week', 'month', 'any'] as const;

/** Props of {@link ActivityHead}. */
export type ActivityHeadProps = {
  readonly state: Pick<ActivityState, 'filter' | 'failures'>;
  readonly onFilter: (fields: Partial<ActivityFilter>) => void;
  /** Arrow down in the field leads to the list. */
  readonly onLeave: () => void;
};

/** What is shown of all that happened, and the list as a file. */
export function ActivityHead({ state, onFilter, onLeave }: ActivityHeadProps): JSX.Element {
  const { filter, failures } = state;
  return (
    <div className="act-bar">
      <Segments
        label={t('activity.show')}
        size="m"
        value={filter.show}
        options={SHOWN.map((value) => ({
          value,
          label:
            value === 'errors' && failures !== null && failures > 0
              ? t('activity.show.errorsCount', { count: formatNumber(failures) })
              : t(`activity.show.${value}`),
        }))}
        onChange={(show) => onFilter({ show })}
      />
      <AgentFilter value={filter.agent_id} onChange={(agent_id) => onFilter({ agent_id })} />
      <ChoiceFilter
        label={t('activity.author')}
        className="hide-m"
        value={filter.author}
        choices={[
          { value: null, words: t('activity.author.any') },
          ...AUTHORS.map((value) => ({ value, words: t(`activity.author.${value}`) })),
        ]}
        onChange={(author) => onFilter({ author })}
      />
      <ChoiceFilter
        label={t('activity.period')}
        value={filter.period}
        choices={PERIODS.map((value) => ({ value, words: t(`activity.period.${value}`) }))}
        onChange={(period) => onFilter({ period })}
      />
      <span className="grow" />
      <WordsFilter onQuery={(query) => onFilter({ query })} onLeave={onLeave} />
      <ExportButton filter={filter} />
    </div>
  );
}

type ChoiceProps<Value> = {
  readonly label: string;
  readonly className?: string;
  readonly value: Value;
  readonly choices: readonly { readonly value: Value; readonly words: string }[];
  readonly onChange: (value: Value) => void;
};

function ChoiceFilter<Value>({
  label,
  className = '',
  value,
  choices,
  onChange,
}: ChoiceProps<Value>): JSX.Element {
  const chosen = choices.find((choice) => choice.value === value)?.words ?? '';
  return (
    <Menu
      align="start"
      trigger={
        <Button
          kind="ghost"
          size="s"
          className={`act-choice ${className}`}
          aria-label={`${label}: ${chosen}`}
          title={chosen}
        >
          <span className="cut" dir="auto">
            {chosen}
          </span>
          <Icon icon={ChevronDown} size={12} />
        </Button>
      }
      items={choices.map((choice) => ({
        label: choice.words,
        checked: choice.value === value,
        onSelect: () => onChange(choice.value),
      }))}
    />
  );
}

type AgentFilterProps = {
  readonly value: string | null;
  readonly onChange: (agent_id: string | null) => void;
};

function AgentFilter({ value, onChange }: AgentFilterProps): JSX.Element {
  const agents = useAgents((state) => state.agents);
  return (
    <ChoiceFilter
      label={t('activity.agent')}
      value={value}
      choices={[
        { value: null, words: t('activity.agent.any') },
        ...agents.map(({ id, name }) => ({ value: id, words: name })),
      ]}
      onChange={onChange}
    />
  );
}

type WordsFilterProps = { readonly onQuery: (query: string) => void; readonly onLeave: () => void };

function WordsFilter({ onQuery, onLeave }: WordsFilterProps): JSX.Element {
  const [text, setText] = useState<string | null>(null);
  useEffect(() => {
    if (text === null) return undefined;
    const timer = setTimeout(() => onQuery(text), PAUSE_MS);
    return () => clearTimeout(timer);
    // A new `onQuery` is no new text.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [text]);
  return (
    <div className="field act-words hide-s">
      <Icon icon={Search} size={14} />
      <input
        type="search"
        aria-label={t('activity.filter')}
        placeholder={t('activity.filter.placeholder')}
        value={text ?? ''}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && text !== null && text !== '') {
            event.preventDefault();
            event.stopPropagation();
            setText('');
          } else if (event.key === 'ArrowDown') {
            event.preventDefault();
            onLeave();
          }
        }}
      />
      {text !== null && text !== '' && (
        <IconButton icon={X} iconSize={14} label={t('activity.filter.clear')} onClick={() => setText('')} />
      )}
    </div>
  );
}

function ExportButton({ filter }: { readonly filter: ActivityFilter }): JSX.Element {
  const stores = useStores();
  const save = (form: 'json' | 'md'): void => attempt(stores, () => exportList(stores, filter, form));
  return (
    <Menu
      trigger={
        <Button kind="ghost" size="s" title={t('activity.export')}>
          <Icon icon={Upload} size={14} />
          <span className="hide-m">{t('activity.export')}</span>
          <span className="sr only-m">{t('activity.export')}</span>
        </Button>
      }
      items={[
        { label: t('activity.export.json'), onSelect: () => save('json') },
        { label: t('activity.export.markdown'), onSelect: () => save('md') },
      ]}
    />
  );
}
