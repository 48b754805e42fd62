import type { JSX } from 'react';
import type { Agent } from '../../../shared/contract/agents.ts';
import { formatNumber, t } from '../../messages/t.ts';
import { TextArea } from '../../ui/text-field.tsx';
import { SaveBar, SectionFrame } from './section-frame.tsx';
import { useSection } from './use-section.ts';

/** The most characters a system prompt can have. */
const SYSTEM_CHARS = 200_000;

const FIELDS = {
  read: ({ system }: Agent): { readonly system: string } => ({ system }),
  write: ({ system }: { readonly system: string }) => ({ system }),
};

/** The system prompt, with its characters counted. */
export function SystemSection({ agent }: { readonly agent: Agent }): JSX.Element {
  const section = useSection(agent, FIELDS);
  const { system } = section.draft;
  const over = system.length - SYSTEM_CHARS;
  const title = t('settings.system');
  const count =
    over > 0 ? (
      <span className="danger" role="alert">
        {t('settings.system.over', { over: formatNumber(over), limit: formatNumber(SYSTEM_CHARS) })}
      </span>
    ) : (
      <span className="num">{t('settings.system.hint', { count: system.length })}</span>
    );
  return (
    <SectionFrame
      id="settings-system"
      title={title}
      aside={<span className="t12 t3">{t('settings.system.readOnly')}</span>}
    >
      <TextArea
        label={title}
        hideLabel
        rows={14}
        dir="auto"
        spellCheck={false}
        value={system}
        onChange={(event) => section.change({ system: event.target.value })}
        hint={count}
      />
      <SaveBar title={title} section={section} valid={over <= 0} />
    </SectionFrame>
  );
}
