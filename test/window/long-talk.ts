import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBackend, type Backend } from '../../electron/backend.ts';
import { createTokenCounter } from '../../electron/models/tokens.ts';
import { asksForSummary } from '../agent/compaction/talk.ts';
import { words } from '../agent/compaction/window-items.ts';
import { type ScriptedAnswer, type ScriptedRequest, startScriptedModel } from '../helpers/scripted-openai.ts';

/** What a long talk on a small window came to. */
export type LongTalk = {
  readonly turns: number;
  readonly window: number;
  /** Runs that did not complete, by their words. */
  readonly stuck: readonly string[];
  /** What the strict server refused for its tool messages. */
  readonly refusals: readonly string[];
  readonly compactions: number;
  /** Tokens of the longest request, counted with the o200k vocabulary. */
  readonly longest: number;
  /** Share of the bytes of a request that were in the one before: mean and least, compactions left out. */
  readonly shared: { readonly mean: number; readonly least: number };
  /** Requests that do not begin with the whole of the one before, though nothing was compacted between. */
  readonly broken: number;
  /** Whether the old fact stood in the request before it was searched for, and whether the answer had it. */
  readonly fact: { readonly was_in_window: boolean; readonly found: boolean };
};

const FACT = 'By the way, the spare key of the boathouse hangs behind the third lantern, number Q7-31954-K.';
const QUESTION = 'Which number has the spare key of the boathouse?';
const NUMBER = 'Q7-31954-K';

/**
 * Talks for so many turns on a window of so many tokens, over the backend's own calls and a real HTTP server, with tool
 * calls among them. A fact is told in turn 5 and asked for ten turns before the end.
 */
export async function talkLong(turns: number, window: number): Promise<LongTalk> {
  const folder = mkdtempSync(join(tmpdir(), 'memoir-window-'));
  let was_in_window = true;
  const model = await startScriptedModel((request, index) => {
    if (isQuestion(request)) was_in_window = request.body.includes(NUMBER);
    return answer(request, index);
  });
  const backend = await openBackend({
    dataDir: folder,
    env: { OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: model.base_url },
    log: () => undefined,
  });
  try {
    const ids = await makeTalker(backend, window);
    const stuck: string[] = [];
    for (let turn = 1; turn <= turns; turn += 1) {
      const failed = await sayOne(backend, ids.conversation_id, textOf(turn, turns));
      if (failed !== null) stuck.push(`turn ${turn}: ${failed}`);
    }
    const { messages } = await backend.call('messages.list', { ...ids, limit: 40 });
    const { summaries } = await backend.call('summaries.list', ids);
    return {
      turns,
      window,
      stuck,
      refusals: model.refusals,
      compactions: summaries.length,
      longest: await longestOf(model.requests),
      ...sharedOf(model.requests.filter((request) => !asksForSummary(request))),
      fact: {
        was_in_window,
        found: messages.some(
          (message) => message.text.startsWith('I found') && message.text.includes(NUMBER),
        ),
      },
    };
  } finally {
    await backend.close();
    await model.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function makeTalker(
  { call }: Backend,
  window: number,
): Promise<{ agent_id: string; conversation_id: string }> {
  const model = 'openai/gpt-4o-mini';
  const agent = await call('agents.create', { name: 'Ada', model, context_window_limit: window });
  const { conversations } = await call('conversations.list', { agent_id: agent.id });
  return { agent_id: agent.id, conversation_id: conversations[0]?.id ?? '' };
}

async function sayOne(backend: Backend, conversation_id: string, text: string): Promise<string | null> {
  const { promise, resolve } = Promise.withResolvers<string | null>();
  const stop = backend.subscribe(({ event }) => {
    if (event.type !== 'run.finished' || event.run.conversation_id !== conversation_id) return;
    resolve(event.run.state === 'completed' ? null : (event.run.error?.message ?? event.run.state));
  });
  await backend.call('messages.send', { conversation_id, text, otid: crypto.randomUUID() });
  const failed = await promise;
  stop();
  return failed;
}

function textOf(turn: number, turns: number): string {
  if (turn === 5) return FACT;
  if (turn === turns - 10) return QUESTION;
  return `Turn ${turn}: ${words(120 + (turn % 9) * 60, turn)}`;
}

function isQuestion(request: ScriptedRequest): boolean {
  const last = request.messages.at(-1);
  return last?.role === 'user' && (last.content ?? '').startsWith(QUESTION);
}

function answer(request: ScriptedRequest, index: number): ScriptedAnswer {
  if (asksForSummary(request)) return { kind: 'text', text: `Summary at ${index}: ${words(1200, index)}` };
  const last = request.messages.at(-1);
  if (last?.role === 'tool') {
    const found = (last.content ?? '').includes(NUMBER);
    return { kind: 'text', text: found ? `I found it: ${NUMBER}.` : `Looked. ${words(80, index)}` };
  }
  if (isQuestion(request)) return search('spare key boathouse number');
  if (index % 11 === 3) return search(`garden ${index}`);
  return { kind: 'text', text: words(100 + (index % 7) * 70, index) };
}

function search(query: string): ScriptedAnswer {
  return { kind: 'calls', calls: [{ name: 'conversation_search', arguments: { query, limit: 3 } }] };
}

async function longestOf(requests: readonly ScriptedRequest[]): Promise<number> {
  const counter = createTokenCounter();
  // The longest in bytes are the longest in tokens too, or near to it.
  const longest = requests.toSorted((a, b) => b.body.length - a.body.length).slice(0, 60);
  let most = 0;
  for (const request of longest) {
    const texts = request.messages.map((message) => [
      message.role,
      message.content ?? '',
      message.tool_call_id ?? '',
      ...(message.tool_calls ?? []).flatMap((call) => [call.id, call.function.name, call.function.arguments]),
    ]);
    // Four tokens stand around each message, as in the chat format of these models.
    const said = await counter.count(texts.flat().join('\n'));
    const tools = await counter.count(JSON.stringify(request.tools));
    most = Math.max(most, said + tools + request.messages.length * 4);
  }
  return most;
}

function sharedOf(requests: readonly ScriptedRequest[]): Pick<LongTalk, 'shared' | 'broken'> {
  const shares: number[] = [];
  let broken = 0;
  for (const [at, request] of requests.entries()) {
    const before = requests[at - 1];
    if (before === undefined || before.messages[1]?.content !== request.messages[1]?.content) continue;
    const texts = request.messages.map((message) => JSON.stringify(message));
    const same = before.messages.findIndex((message, index) => JSON.stringify(message) !== texts[index]);
    if (same !== -1) broken += 1;
    const kept = texts.slice(0, same === -1 ? before.messages.length : same);
    const tools = JSON.stringify(request.tools);
    const shared = bytes(kept) + (JSON.stringify(before.tools) === tools ? tools.length : 0);
    shares.push(shared / (bytes(texts) + tools.length));
  }
  const mean = shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length);
  return { shared: { mean, least: Math.min(...shares) }, broken };
}

function bytes(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length, 0);
}
