import { TriangleAlert } from 'lucide-react';
import type { JSX } from 'react';
import type { Agent } from '../../../shared/contract/agents.ts';
import { formatNumber, t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { useStores } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';

/** Says that the agent's budget is more than its model holds, and what to do; nothing when it is not. */
export function BudgetNote({ agent }: { readonly agent: Agent }): JSX.Element | null {
  const stores = useStores();
  const { context_window_limit: budget, model_status: status } = agent;
  const held = status.context_window;
  if (budget === null || budget <= held) return null;
  const lower = (): void =>
    attempt(stores, () =>
      stores.agents
        .getState()
        .update({ agent_id: agent.id, base_version: agent.version, context_window_limit: held }),
    );
  return (
    <div className="note warn ctx-note" role="note">
      <Icon icon={TriangleAlert} />
      <span className="grow">
        {t('context.budget', { model: status.answering_with, held: formatNumber(held), count: budget })}
      </span>
      <Button size="s" onClick={lower}>
        {t('context.budget.lower', { count: held })}
      </Button>
    </div>
  );
}
