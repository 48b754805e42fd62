import { ChevronDown, Plug, WifiOff } from 'lucide-react';
import { useState, type JSX } from 'react';
import type { Agent } from '../../../shared/contract/agents.ts';
import type { ModelInfo } from '../../../shared/contract/system.ts';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { standingOf } from '../../state/providers-standing.ts';
import { useConnection, useProviders, useStores, type Stores } from '../../state/stores.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Menu } from '../../ui/menu.tsx';
import { standingBadge } from '../connect/model-words.ts';
import { ModelDialog } from '../context/model-dialog.tsx';

/** Props of {@link ModelChip}. */
export type ModelChipProps = { readonly agent: Agent };

/**
 * Which model answers; drops a menu to choose another. One in which the talk would not stay as it is, is shown with what
 * would become of it before it is taken. A badge says when the model is not the one the agent names.
 */
export function ModelChip({ agent }: ModelChipProps): JSX.Element {
  const stores = useStores();
  const [doubted, setDoubted] = useState<string | null>(null);
  const models = useConnection((state) => state.models);
  const status = agent.model_status;
  const providers = useProviders((state) => state.providers);
  const badge = standingBadge(standingOf(agent, providers));
  const name = agent.model.slice(agent.model.indexOf('/') + 1);
  const choose = (handle: string): void =>
    attempt(stores, async () => {
      if (await staysAsItIs(stores, agent, handle)) {
        await stores.agents.getState().update({ agent_id: agent.id, model: handle });
      } else setDoubted(handle);
    });
  return (
    <>
      <Menu
        align="start"
        trigger={
          <Button
            kind="ghost"
            size="s"
            className="chip"
            aria-label={t('chat.chooseModel', {
              model: status.badge === 'offline_demo' ? t('chat.offline') : name,
            })}
          >
            {status.badge === 'offline_demo' ? (
              <Badge tone="line" icon={WifiOff} title={status.message ?? undefined}>
                <span className="cut hide-m">{t('chat.offline')}</span>
                <span className="cut only-m">{t('chat.offlineShort')}</span>
              </Badge>
            ) : (
              <span className="cut" dir="auto" title={name}>
                {name}
              </span>
            )}
            <Icon icon={ChevronDown} size={12} />
          </Button>
        }
        items={[
          ...shortList(models, agent.model).map((model) => ({
            label: model.handle,
            checked: model.handle === agent.model,
            disabled: !model.available,
            ...hintOf(model),
            onSelect: () => choose(model.handle),
          })),
          { label: t('standing.all'), icon: Plug, onSelect: () => stores.providers.getState().openCard() },
        ]}
      />
      {badge !== null && (
        <Badge tone="warn" icon={badge.icon} title={badge.message}>
          <span className="cut only-wide">{badge.words}</span>
        </Badge>
      )}
      <ModelDialog
        agent={agent}
        {...(doubted === null ? {} : { model: doubted })}
        open={doubted !== null}
        onOpenChange={(open) => {
          if (!open) setDoubted(null);
        }}
      />
    </>
  );
}

/** Whether another model can hold all that the open talk has in its window now. */
async function staysAsItIs(stores: Stores, agent: Agent, model: string): Promise<boolean> {
  const { agent_id, selected_id } = stores.conversations.getState();
  const talk = agent_id === agent.id && selected_id !== null ? { conversation_id: selected_id } : {};
  const asked = { agent_id: agent.id, ...talk, model };
  const { verdict } = await stores.client.call('agents.simulate', asked);
  return verdict === 'fits' || verdict === 'puts_back';
}

/** Models that a menu holds; the card has a search for more. */
const MOST_LINES = 20;

/** The first models, and the one in use wherever it stands. */
function shortList(models: readonly ModelInfo[], used: string): readonly ModelInfo[] {
  return models.filter(({ handle }, at) => at < MOST_LINES || handle === used);
}

function hintOf({ available, memory_tools }: ModelInfo): { readonly hint?: string } {
  if (!available) return { hint: t('chat.unavailable') };
  return memory_tools === null ? {} : { hint: t(`connect.tools.${memory_tools}`) };
}
