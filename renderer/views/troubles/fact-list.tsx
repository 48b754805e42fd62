import type { JSX } from 'react';
import type { Fact } from '../../../shared/contract/diagnosis.ts';
import { exactTime } from '../../messages/time.ts';
import { formatNumber, t } from '../../messages/t.ts';
import { sizeWords } from '../transfer/read-file.ts';

/** What was measured for a row: names and values in words. */
export function FactList({ facts }: { readonly facts: readonly Fact[] }): JSX.Element {
  return (
    <dl className="kv facts">
      {facts.map((fact) => (
        <FactRow key={fact.name} fact={fact} />
      ))}
    </dl>
  );
}

function FactRow({ fact }: { readonly fact: Fact }): JSX.Element {
  return (
    <>
      <dt>{t(`trouble.fact.${fact.name}`)}</dt>
      <dd className={typeof fact.value === 'number' ? 'num' : 'wrap'} dir="auto">
        {valueWords(fact)}
      </dd>
    </>
  );
}

// The end of a name is its unit.
function valueWords({ name, value }: Fact): string {
  if (value === null) return '–';
  if (typeof value === 'boolean') return t(value ? 'trouble.yes' : 'trouble.no');
  if (typeof value === 'string') return name.endsWith('_at') ? exactTime(value) : value;
  if (name.endsWith('_bytes')) return sizeWords(value);
  if (name.endsWith('_percent')) return t('chat.percent', { percent: value });
  if (!name.endsWith('_ms')) return formatNumber(value);
  return value < 1000
    ? t('tool.ms', { count: value })
    : t('tool.seconds', { seconds: (value / 1000).toFixed(1) });
}
