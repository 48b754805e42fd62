import { Check } from 'lucide-react';
import type { JSX } from 'react';
import { t } from '../../messages/t.ts';
import { Icon } from '../../ui/icon.tsx';
import type { Period, TagCount } from './archive-state.ts';

/** Props of {@link ArchiveFilters}. The period narrows searches only, so it is shown `whenSearching`. */
export type ArchiveFiltersProps = {
  readonly tags: readonly TagCount[];
  readonly chosen_tags: readonly string[];
  readonly period: Period;
  readonly whenSearching: boolean;
  readonly onTags: (tags: readonly string[]) => void;
  readonly onPeriod: (period: Period) => void;
};

/** What narrows the list: tags with their numbers (any of the chosen ones), and when an entry was written. */
export function ArchiveFilters(props: ArchiveFiltersProps): JSX.Element {
  const { tags, chosen_tags, onTags } = props;
  const toggle = (tag: string): void =>
    onTags(chosen_tags.includes(tag) ? chosen_tags.filter((each) => each !== tag) : [...chosen_tags, tag]);
  return (
    <>
      <div className="sect" id="archive-tags">
        {t('archive.tags')}
      </div>
      <div role="group" aria-labelledby="archive-tags">
        {tags.length === 0 && <p className="t12 t3 facet-none">{t('archive.tags.none')}</p>}
        {tags.map(({ tag, count }) => {
          const on = chosen_tags.includes(tag);
          return (
            <button
              key={tag}
              type="button"
              role="checkbox"
              aria-checked={on}
              className={`facet ${on ? 'on' : ''}`}
              title={tag}
              onClick={() => toggle(tag)}
            >
              <span className={`check ${on ? 'on' : ''}`}>{on && <Icon icon={Check} size={12} />}</span>
              <span className="grow cut">{tag}</span>
              <span className="num">{count}</span>
            </button>
          );
        })}
      </div>
      {props.whenSearching && <PeriodFilter period={props.period} onPeriod={props.onPeriod} />}
    </>
  );
}

type PeriodProps = Pick<ArchiveFiltersProps, 'period' | 'onPeriod'>;

function PeriodFilter({ period, onPeriod }: PeriodProps): JSX.Element {
  const choices: readonly { readonly value: Period; readonly words: string }[] = [
    { value: { kind: 'any' }, words: t('archive.when.any') },
    { value: { kind: 'recent' }, words: t('archive.when.recent') },
    { value: { kind: 'between', start: '', end: '' }, words: t('archive.when.between') },
  ];
  return (
    <fieldset className="when">
      <legend className="sect">{t('archive.when')}</legend>
      {choices.map(({ value, words }) => (
        <label key={value.kind} className={`facet ${period.kind === value.kind ? 'on' : ''}`}>
          <input
            type="radio"
            name="archive-period"
            className={`radio ${period.kind === value.kind ? 'on' : ''}`}
            checked={period.kind === value.kind}
            onChange={() => onPeriod(value)}
          />
          <span className="grow">{words}</span>
        </label>
      ))}
      {period.kind === 'between' && (
        <div className="dates">
          <label className="t12 t2">
            {t('archive.when.from')}
            <input
              type="date"
              className="field"
              value={period.start}
              onChange={(event) => onPeriod({ ...period, start: event.target.value })}
            />
          </label>
          <label className="t12 t2">
            {t('archive.when.to')}
            <input
              type="date"
              className="field"
              value={period.end}
              onChange={(event) => onPeriod({ ...period, end: event.target.value })}
            />
          </label>
        </div>
      )}
    </fieldset>
  );
}
