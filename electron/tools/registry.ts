import type { AgentType } from '../../shared/contract/agents.ts';
import { archivalMemoryInsert, archivalMemorySearch } from './builtin/archival-memory.ts';
import { conversationSearch } from './builtin/conversation-search.ts';
import { coreMemoryAppend, coreMemoryReplace } from './builtin/core-memory.ts';
import { memoryInsert, memoryReplace, memoryRethink } from './builtin/memory-edit.ts';
import { sendMessage } from './builtin/send-message.ts';
import type { Tool } from './tool.ts';

/** The tools at hand. */
export type ToolRegistry = {
  /** The tool of a name, or `null`. */
  readonly get: (name: string) => Tool | null;
  /** All tools, in a fixed order. */
  readonly list: () => readonly Tool[];
  /** Names of the tools a new agent of a type gets, in the order the model sees them. */
  readonly defaultTools: (agent_type: AgentType) => readonly string[];
};

const BUILTIN: readonly Tool[] = [
  sendMessage,
  coreMemoryAppend,
  coreMemoryReplace,
  memoryInsert,
  memoryReplace,
  memoryRethink,
  conversationSearch,
  archivalMemoryInsert,
  archivalMemorySearch,
];

const MEMGPT = [
  'send_message',
  'core_memory_append',
  'core_memory_replace',
  'conversation_search',
  'archival_memory_insert',
  'archival_memory_search',
];
const SLEEPTIME = ['memory_replace', 'memory_insert', 'memory_rethink'];

const DEFAULTS: Readonly<Record<AgentType, readonly string[]>> = {
  letta_v1_agent: [
    'memory_insert',
    'memory_replace',
    'conversation_search',
    'archival_memory_insert',
    'archival_memory_search',
  ],
  memgpt_agent: MEMGPT,
  memgpt_v2_agent: MEMGPT,
  split_thread_agent: MEMGPT,
  voice_convo_agent: MEMGPT,
  sleeptime_agent: SLEEPTIME,
  voice_sleeptime_agent: SLEEPTIME,
  react_agent: [],
  workflow_agent: [],
};

/** Makes the registry of the built-in tools. */
export function createToolRegistry(): ToolRegistry {
  const byName = new Map(BUILTIN.map((tool) => [tool.name, tool]));
  return {
    get: (name) => byName.get(name) ?? null,
    list: () => BUILTIN,
    defaultTools: (agent_type) => DEFAULTS[agent_type],
  };
}
