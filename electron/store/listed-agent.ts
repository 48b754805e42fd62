import type { Selectable } from 'kysely';
import { agent, type Agent } from '../../shared/contract/agents.ts';
import type { Schema } from './schema.ts';

type Row = Selectable<Schema['agent']>;

const stored_agent = agent.omit({ model_status: true });

/** What an agent has where nothing was said. */
const DEFAULTS = {
  agent_type: 'letta_v1_agent',
  model_settings: '{"temperature":null,"max_output_tokens":null,"parallel_tool_calls":true}',
  context_window_limit: null,
  compaction: '{}',
  policies: '{}',
  tools: '[]',
  tags: '[]',
  metadata: '{}',
  foreign_fields: '{}',
} satisfies Partial<Row>;

/** An agent for a list: what can not be read of it is left at its default, so that it keeps no other from being seen. */
export function toListed<Listed extends Omit<Agent, 'model_status'>>(
  row: Row,
  toAgent: (row: Row) => Listed,
): Listed {
  const isReadable = (candidate: Row): boolean => {
    try {
      return stored_agent.safeParse(toAgent(candidate)).success;
    } catch {
      // Not to be read is the answer here; the Doctor tells of it and mends it.
      return false;
    }
  };
  if (isReadable(row)) return toAgent(row);
  const columns = Object.keys(DEFAULTS) as (keyof typeof DEFAULTS)[];
  const readable = columns.reduce<Row>(
    (sound, column) => {
      const candidate = { ...sound, [column]: row[column] };
      return isReadable(candidate) ? candidate : sound;
    },
    { ...row, ...DEFAULTS },
  );
  return toAgent(readable);
}
