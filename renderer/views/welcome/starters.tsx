import { BookOpen, CircleDashed, UserRound, type LucideIcon } from 'lucide-react';
import { useState, type JSX } from 'react';
import type { InputOf } from '../../../shared/contract/index.ts';
import { t, type MessageKey } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { openAgent } from '../../state/navigation.ts';
import { useStores } from '../../state/stores.ts';
import { Icon } from '../../ui/icon.tsx';

type Starter = {
  readonly title: MessageKey;
  readonly sub: MessageKey;
  readonly icon: LucideIcon;
  readonly fields: () => InputOf<'agents.create'>;
};

const STARTERS: readonly Starter[] = [
  {
    title: 'agents.starter.assistant',
    sub: 'agents.starter.assistant.sub',
    icon: UserRound,
    fields: () => ({
      name: t('agents.starter.assistant.name'),
      blocks: [{ label: 'human' }, { label: 'persona', value: t('agents.starter.assistant.persona') }],
    }),
  },
  {
    title: 'agents.starter.researcher',
    sub: 'agents.starter.researcher.sub',
    icon: BookOpen,
    fields: () => ({
      name: t('agents.starter.researcher.name'),
      blocks: [
        { label: 'human' },
        { label: 'persona', value: t('agents.starter.researcher.persona') },
        { label: t('agents.starter.researcher.project') },
      ],
    }),
  },
  {
    title: 'agents.starter.blank',
    sub: 'agents.starter.blank.sub',
    icon: CircleDashed,
    fields: () => ({
      name: t('agents.starter.blank.name'),
      blocks: [{ label: 'human' }, { label: 'persona' }],
    }),
  },
];

/** What stands in the centre when there is no agent: three to start from, and import. */
export function Starters({ onImport }: { readonly onImport: () => void }): JSX.Element {
  const stores = useStores();
  const [busy, setBusy] = useState(false);
  const start = async (starter: Starter): Promise<void> => {
    setBusy(true);
    try {
      const agent = await stores.agents.getState().create(starter.fields());
      await openAgent(stores, agent.id);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="scroll">
      <div className="wel">
        <h1 className="hi">{t('agents.starter.title')}</h1>
        <p className="t2 lo">{t('agents.starter.why')}</p>
        <div className="try three" role="group" aria-label={t('agents.new')}>
          {STARTERS.map((starter) => (
            <button
              key={starter.title}
              type="button"
              disabled={busy}
              onClick={() => attempt(stores, () => start(starter))}
            >
              <span className="em">{t(starter.title)}</span>
              <span className="sub">
                <Icon icon={starter.icon} size={14} />
                {t(starter.sub)}
              </span>
            </button>
          ))}
        </div>
        <div className="row t12 t2 mt-4">
          <span className="cut">{t('agents.starter.elsewhere')}</span>
          <button type="button" className="link t12" onClick={onImport}>
            {t('agents.starter.import')}
          </button>
        </div>
      </div>
    </div>
  );
}
