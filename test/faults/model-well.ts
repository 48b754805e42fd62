import { words } from '../agent/compaction/window-items.ts';
import type { Chance } from '../helpers/chance.ts';
import type { AnthropicAnswer } from '../helpers/scripted-anthropic.ts';
import type { ScriptedAnswer, ScriptedCall } from '../helpers/scripted-openai.ts';
import { toolUse } from './model-anthropic-faults.ts';
import { CHAT_FAULTS } from './model-faults.ts';
import type { WellBehaved } from './model-home.ts';

/** The tool that clients of the drill bring. */
export const CLIENT_TOOL = 'read_thermometer';

/** What a talk may be asked for, by chance: words, calls, several calls at once. */
type Wish = { readonly text: string } | { readonly calls: readonly ScriptedCall[] };

/** Models that answer well, now with words and now with calls. A summary meets a fault in so many of its requests. */
export function wellByChance(chance: Chance, faulty_summaries: number): WellBehaved {
  return {
    chat: (request) => {
      const names = request.tools.map((tool) => tool.function.name);
      const wish = wishFor(chance, names, request.messages.at(-1)?.role === 'tool');
      if ('calls' in wish) return { kind: 'calls', calls: wish.calls };
      if (chance.hits(0.1)) return slowly(chance, wish.text);
      return { kind: 'text', text: wish.text, ...(chance.hits(0.2) ? { reasoning: 'Let me see.' } : {}) };
    },
    anthropic: (request) => {
      const names = (request.tools ?? []).map((tool) => String(tool['name']));
      const is_told = request.messages.at(-1)?.content.some(({ type }) => type === 'tool_result') === true;
      return inBlocks(wishFor(chance, names, is_told));
    },
    summary: () =>
      chance.hits(faulty_summaries)
        ? chance.pick(CHAT_FAULTS).answer(0)
        : { kind: 'text', text: `They spoke of this. ${words(300 + chance.below(1200), chance.below(10))}` },
  };
}

function inBlocks(wish: Wish): AnthropicAnswer {
  return 'calls' in wish
    ? { kind: 'blocks', blocks: wish.calls.map(({ name, arguments: input }) => toolUse(name, input)) }
    : { kind: 'blocks', blocks: [{ type: 'text', text: wish.text }] };
}

function wishFor(chance: Chance, names: readonly string[], is_told: boolean): Wish {
  const text = `Well: ${words(40 + chance.below(900), chance.below(10))}`;
  const speaks = chance.hits(is_told ? 0.75 : 0.5);
  if (speaks && names.includes('send_message') && chance.hits(0.7)) {
    return { calls: [{ name: 'send_message', arguments: { message: text } }] };
  }
  const possible = (): (readonly [string, object])[] =>
    callsFor(chance).filter(([name]) => names.includes(name));
  if (speaks || possible().length === 0) return { text };
  const make = (): ScriptedCall => {
    const calls = possible();
    const clients = calls.find(([name]) => name === CLIENT_TOOL);
    const [name, given] = clients !== undefined && chance.hits(0.5) ? clients : chance.pick(calls);
    return { name, arguments: given };
  };
  return { calls: Array.from({ length: chance.hits(0.2) ? 3 : 1 }, make) };
}

function callsFor(chance: Chance): readonly (readonly [string, object])[] {
  // Never the same call twice, which would be a loop and rightly stopped.
  const number = chance.below(1_000_000);
  return [
    ['memory_insert', { label: 'human', new_string: `Fact ${number}.` }],
    ['memory_replace', { label: 'human', old_string: `Fact ${number}.`, new_string: '' }],
    ['core_memory_append', { label: 'human', content: `Fact ${number}.` }],
    ['archival_memory_insert', { content: `Entry ${number}`, tags: ['drill'] }],
    ['archival_memory_search', { query: `entry ${number}` }],
    ['conversation_search', { query: `tea garden ${number}`, limit: 3 }],
    [CLIENT_TOOL, { room: `kitchen ${number}` }],
  ];
}

function slowly(chance: Chance, text: string): ScriptedAnswer {
  const pause = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, chance.below(15)));
  const half = Math.floor(text.length / 2);
  return {
    kind: 'chunks',
    chunks: [
      { text: text.slice(0, half) },
      { text: text.slice(half), after: pause() },
      { text: ' That is all.', after: pause() },
    ],
  };
}
