import type { ParsedInputOf } from '../../shared/contract/index.ts';
import { claimSetting } from '../store/settings.ts';
import type { ApiDeps } from './deps.ts';
import { createAgent } from './agents.ts';

const STARTED = 'starter_agent_made';

/** The agent a newcomer finds ready. */
const ADA = {
  name: 'Ada',
  description: 'Personal assistant',
  blocks: [
    { label: 'human', value: '' },
    {
      label: 'persona',
      value:
        'I am Ada. I listen, keep what matters, and say when I change my mind about something you told me.',
    },
  ],
} satisfies ParsedInputOf<'agents.create'>;

/** Makes the first agent of a new store, once: a person who deletes it does not meet it again. */
export async function makeStarterAgent(
  deps: Pick<ApiDeps, 'database' | 'clock' | 'models' | 'tools'>,
): Promise<void> {
  await deps.database.transaction(async (tx) => {
    if (await claimSetting(tx, STARTED, 'true')) await createAgent(tx, deps, ADA, 'system');
  });
}
