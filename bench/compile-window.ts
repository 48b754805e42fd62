/**
 * What compiling a request costs beside writing it as JSON: a window of 300 messages, its memory and tools, in turns with
 * `JSON.stringify` of the request that comes of it; first with messages that were just read, then again, as between the
 * requests of a talk. Planning a compaction of the same window is timed too.
 */
import { shareWindow } from '../electron/agent/compaction/budget.ts';
import { planCompaction } from '../electron/agent/compaction/plan.ts';
import { compileContext, type ContextInput } from '../electron/agent/context.ts';
import { takeSnapshot } from '../electron/agent/memory-view.ts';
import { createWording } from '../electron/agent/wording.ts';
import { chatBody } from '../electron/models/chat-body.ts';
import { createToolRegistry } from '../electron/tools/registry.ts';
import { type Part, windowOf } from '../test/agent/compaction/window-items.ts';
import { agentOf } from '../test/agent/make-agent.ts';
import { median, print } from './figures.ts';

const ROUNDS = 300;
const WARM_UP = 50;
const PLAIN = { max_output_tokens: null, thinking_budget: null };

const turns = Array.from({ length: 75 }, (_one, turn): Part[] => [
  { kind: 'user', chars: 200 + (turn % 5) * 80 },
  { kind: 'calls', chars: [600] },
  { kind: 'answer', chars: 300 + (turn % 7) * 90 },
]);
const entries = windowOf(turns.flat());
const registry = createToolRegistry();
const agent = agentOf({});
const block = {
  id: 'block-1',
  label: 'human',
  value: 'Likes tea. '.repeat(100),
  description: 'About the person.',
  char_limit: 5000,
  read_only: 0 as const,
  version: 1,
};
const input: ContextInput = {
  agent,
  conversation_id: 'conv-1',
  model: 'gpt-4o-mini',
  snapshot: takeSnapshot([block], '2026-01-01T00:00:00.000000Z'),
  entries,
  tools: agent.tools.flatMap((name) => registry.get(name) ?? []),
  wording: createWording(),
};
const facts = {
  items: entries,
  floor: 1800,
  budget: shareWindow(32_768, PLAIN),
  all: false,
  share: 0.3,
  is_open: false,
  can_search: true,
};

const first: number[] = [];
const again: number[] = [];
const written: number[] = [];
const planned: number[] = [];
for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
  const read = { ...input, entries: structuredClone(entries) };
  const [, first_ms] = timedOnce(() => compileContext(read));
  const [context, again_ms] = timedOnce(() => compileContext(read));
  const [, write_ms] = timedOnce(() => JSON.stringify(chatBody(context.request)));
  const [, plan_ms] = timedOnce(() => planCompaction(facts));
  if (round < WARM_UP) continue;
  first.push(first_ms);
  again.push(again_ms);
  written.push(write_ms);
  planned.push(plan_ms);
}
const ratio = (figures: readonly number[]): string => (median(figures) / median(written)).toFixed(1);
print(
  `${entries.length} messages: compile ${median(first).toFixed(2)} ms, again ${median(again).toFixed(2)} ms, ` +
    `JSON ${median(written).toFixed(2)} ms, ratios ${ratio(first)} and ${ratio(again)}; plan a compaction ${median(planned).toFixed(2)} ms, ratio ${ratio(planned)}`,
);

function timedOnce<Result>(work: () => Result): [Result, number] {
  const start = performance.now();
  const result = work();
  return [result, performance.now() - start];
}
