import type { Compaction } from '../../shared/contract/agents.ts';
import { seededChance } from '../helpers/chance.ts';
import { ANTHROPIC_FAULTS } from './model-anthropic-faults.ts';
import { CHAT_FAULTS } from './model-faults.ts';
import { type AnyFault, type HostileHome, MODELS } from './model-home.ts';
import { watchTalk } from './model-talk.ts';
import type { Lane } from './model-turn.ts';

type Kind = {
  readonly model: string;
  readonly mode: Compaction['mode'];
  readonly agent_type: 'letta_v1_agent' | 'memgpt_v2_agent';
  readonly asks: readonly string[];
};

/** Different servers, ways to compact, ways to speak, and tools that a person is asked about. */
const KINDS: readonly Kind[] = [
  {
    model: MODELS.plain,
    mode: 'sliding_window',
    agent_type: 'letta_v1_agent',
    asks: ['archival_memory_insert'],
  },
  { model: MODELS.template, mode: 'all', agent_type: 'letta_v1_agent', asks: ['memory_insert'] },
  { model: MODELS.anthropic, mode: 'self_compact_sliding_window', agent_type: 'letta_v1_agent', asks: [] },
  {
    model: MODELS.template,
    mode: 'self_compact_all',
    agent_type: 'memgpt_v2_agent',
    asks: ['archival_memory_insert'],
  },
];

const TALKS_EACH = 2;
const SMALL_WINDOW = 8192;

/** Makes the agents of the drill with two conversations each. */
export async function makeLanes(home: HostileHome, seed: number): Promise<Lane[]> {
  const chat = CHAT_FAULTS.map((fault): AnyFault => ({ dialect: 'chat', fault }));
  const anthropic = ANTHROPIC_FAULTS.map((fault): AnyFault => ({ dialect: 'anthropic', fault }));
  const lanes: Lane[] = [];
  for (const [number, { model, mode, agent_type, asks }] of KINDS.entries()) {
    const agent = await home.call('agents.create', {
      name: `Agent ${number}`,
      model,
      agent_type,
      context_window_limit: SMALL_WINDOW,
      compaction: { mode },
      blocks: [{ label: 'human', value: 'Likes tea.' }],
      tool_policies: Object.fromEntries(asks.map((name) => [name, 'ask' as const])),
    });
    const { blocks } = await home.call('blocks.list', { agent_id: agent.id });
    const block = blocks.find(({ label }) => label === 'human');
    for (let talk = 0; talk < TALKS_EACH; talk += 1) {
      const { id } = await home.call('conversations.create', { agent_id: agent.id });
      lanes.push({
        talk: watchTalk(home, agent.id, id),
        block_id: block?.id ?? '',
        faults: model === MODELS.anthropic ? anthropic : chat,
        chance: seededChance(seed * 1000 + lanes.length),
        is_stuck: false,
        number: 0,
      });
    }
  }
  return lanes;
}
