import { Check, KeyRound, Search, Server, ServerOff } from 'lucide-react';
import type { JSX } from 'react';
import type { ModelInfo } from '../../../shared/contract/system.ts';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { useAgent, useConnection, useProviders, useStores } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { ToolsBadge } from '../connect/model-line.tsx';
import { SAMPLES } from './samples.ts';
import { useSay } from './use-say.ts';

/** What stands in the talk of an agent nothing was said to: sample prompts, the models at hand, import. */
export function Welcome({ onImport }: { readonly onImport: () => void }): JSX.Element {
  const name = useAgent()?.name ?? '';
  const say = useSay();
  return (
    <div className="scroll">
      <div className="wel">
        <h2 className="hi">{t('welcome.title', { name })}</h2>
        <p className="t2 lo">{t('welcome.sub', { name })}</p>
        <div className="try" role="group" aria-label={t('welcome.samples')}>
          {SAMPLES.filter(({ after }) => after === null).map((sample) => (
            <button key={sample.text} type="button" onClick={() => say(t(sample.text))}>
              <span className="em">{t(sample.text)}</span>
              <span className="sub">
                <Icon icon={sample.icon} size={14} />
                {t(sample.sub)}
              </span>
            </button>
          ))}
        </div>
        <Models />
        <div className="row t12 t2 mt-3">
          <span className="cut">{t('welcome.elsewhere')}</span>
          <button type="button" className="link t12" onClick={onImport}>
            {t('welcome.import')}
          </button>
        </div>
      </div>
    </div>
  );
}

/** Models that the first page holds; the card has a search for more. */
const MOST_ROWS = 4;

function Models(): JSX.Element {
  const models = useConnection((state) => state.models);
  const agent = useAgent();
  const open = useProviders((state) => state.openCard);
  const shown = models.filter(({ handle }, at) => at < MOST_ROWS || handle === agent?.model);
  return (
    <section className="con" aria-labelledby="models">
      <div className="row mb-2.5">
        <h2 id="models">{t('welcome.models')}</h2>
        <span className="t12 t3 hide-m">{t('welcome.models.sub', { name: agent?.name ?? '' })}</span>
      </div>
      {shown.map((model) => (
        <ModelRow key={model.handle} model={model} />
      ))}
      <div className="m act">
        <Icon icon={Search} className="t3" />
        <span className="cut">
          {t('welcome.models.local')} <span className="t3">{t('welcome.models.local.why')}</span>
        </span>
        <Button size="s" onClick={() => open()}>
          {t('welcome.models.look')}
        </Button>
      </div>
      <div className="m act">
        <Icon icon={KeyRound} className="t3" />
        <span className="cut">
          {t('welcome.models.key')} <span className="t3">{t('welcome.models.key.why')}</span>
        </span>
        <Button size="s" onClick={() => open('openai')}>
          {t('connect.add.key')}
        </Button>
      </div>
    </section>
  );
}

function ModelRow({ model }: { readonly model: ModelInfo }): JSX.Element {
  const stores = useStores();
  const agent = useAgent();
  const used = agent?.model === model.handle;
  const choose = async (): Promise<void> => {
    if (agent !== null) await stores.agents.getState().update({ agent_id: agent.id, model: model.handle });
  };
  return (
    <div className="m">
      <Icon icon={model.available ? Server : ServerOff} className={used ? 'acc' : 't3'} />
      <span className="cut">
        <span className="em">{model.name}</span> <span className="t2">{model.provider}</span>
      </span>
      <ModelState model={model} />
      <span className="t12 t2 num r ctxw">{t('welcome.models.tokens', { count: model.context_window })}</span>
      {used ? (
        <span className="row g1 t12 ok justify-end">
          <Icon icon={Check} size={14} />
          {t('welcome.models.used')}
        </span>
      ) : (
        <Button size="s" disabled={!model.available} onClick={() => attempt(stores, choose)}>
          {t('welcome.models.use')}
        </Button>
      )}
    </div>
  );
}

function ModelState({ model }: { readonly model: ModelInfo }): JSX.Element {
  if (!model.available) return <span className="t12 t2 cut">{t('welcome.models.missing')}</span>;
  if (model.provider === 'memoir') return <span className="t12 t2 cut">{t('welcome.models.offline')}</span>;
  return <ToolsBadge tools={model.memory_tools ?? 'unchecked'} />;
}
