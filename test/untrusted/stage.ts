import { setTimeout as delay } from 'node:timers/promises';
import { call } from '../helpers/call.ts';
import { type ScriptedAnswer, type ScriptedModel, startScriptedModel } from '../helpers/scripted-openai.ts';
import { type ServerProcess, spawnServer } from '../helpers/server-process.ts';
import type { Payload } from './payloads.ts';

/** A server whose every text is a payload: what its agent was told and said, its memory, its names, its failures. */
export type Stage = {
  readonly url: string;
  readonly server: ServerProcess;
  readonly agent_id: string;
  /** Every payload said, thought, called with and answered. */
  readonly talk_id: string;
  /** Every payload as what a provider says when it fails. */
  readonly failures_id: string;
  /** Empty, for streams. */
  readonly streams_id: string;
  /** What the model answers next. */
  readonly script: ScriptedAnswer[];
  /** Says something, every third message as the system, and waits until the run that answers has ended. */
  readonly say: (conversation_id: string, ...texts: readonly string[]) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Messages that are taken in one sending. */
const AT_ONCE = 100;

/** Payloads in one failure of the provider. */
const FAILURE_OF = 8;

/** Fills a new data folder with the payloads, through the doors a person, a model and an API client use. */
export async function fillStage(dataDir: string, payloads: readonly Payload[]): Promise<Stage> {
  const script: ScriptedAnswer[] = [];
  const model = await startScriptedModel(() => script.shift() ?? { kind: 'text', text: 'Nothing left.' });
  const server = await spawnServer(dataDir, { OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: model.base_url });
  const { url } = server;
  const agent_id = await makeAgent(url, payloads);
  const conversation = async (): Promise<string> =>
    (await call(url, 'conversations.create', { agent_id, title: payloads[0]?.text ?? '' })).id;
  const stage: Stage = {
    url,
    server,
    script,
    agent_id,
    talk_id: await conversation(),
    failures_id: await conversation(),
    streams_id: await conversation(),
    say: (conversation_id, ...texts) => say(url, conversation_id, texts),
    close: () => closeStage(server, model),
  };
  await fillTalks(stage, payloads);
  await fillMemory(stage, payloads);
  return stage;
}

async function closeStage(server: ServerProcess, model: ScriptedModel): Promise<void> {
  await server.kill();
  await model.close();
}

async function makeAgent(url: string, payloads: readonly Payload[]): Promise<string> {
  const all = payloads.map(({ text }) => text);
  const { id } = await call(url, 'agents.create', {
    name: 'Vera',
    model: 'openai/gpt-4o-mini',
    description: all.join(' ').slice(0, 2000),
    system: all.join('\n'),
    tags: all.map((text) => shortened(text)),
    blocks: [
      { label: 'notes', limit: 1_000_000, value: 'Empty' },
      ...all.map((text, at) => ({ label: `${at} ${text}`.slice(0, 100), value: text, description: text })),
    ],
    tools: ['memory_insert', 'conversation_search', 'archival_memory_insert', 'archival_memory_search'],
  });
  return id;
}

/** What is said stands in one run: every message before it, then a step for every payload. */
async function fillTalks(stage: Stage, payloads: readonly Payload[]): Promise<void> {
  const { script, say: tell, talk_id, failures_id } = stage;
  const all = payloads.map(({ text }) => text);
  script.push(...all.map((text) => callsWith(text)), {
    kind: 'text',
    text: 'Done',
    reasoning: all.join('\n'),
  });
  await tell(talk_id, ...all.slice(0, AT_ONCE));
  if (all.length > AT_ONCE) await tell(talk_id, ...all.slice(AT_ONCE));
  for (let from = 0; from < all.length; from += FAILURE_OF) {
    const message = all.slice(from, from + FAILURE_OF).join('\n');
    const streamed = from % (2 * FAILURE_OF) === 0;
    script.push(
      streamed ? { kind: 'stream_error', message, first: message } : { kind: 'status', status: 402, message },
    );
    await tell(failures_id, message);
  }
}

/** Calls with a payload in the name of the tool, in arguments that are no JSON, and in arguments that are. */
function callsWith(text: string): ScriptedAnswer {
  return {
    kind: 'calls',
    text,
    calls: [
      { name: text.slice(0, 64), arguments: '{}' },
      { name: 'archival_memory_search', arguments: text },
      { name: 'memory_insert', arguments: { label: 'notes', new_string: text } },
      { name: 'conversation_search', arguments: { query: text } },
    ],
  };
}

async function fillMemory({ url, agent_id }: Stage, payloads: readonly Payload[]): Promise<void> {
  for (const { text } of payloads) {
    await call(url, 'archive.add', { agent_id, text: `needle ${text}`, tags: [shortened(text)] });
    await call(url, 'conversations.create', { agent_id, title: text.slice(0, 200) });
  }
}

function shortened(text: string): string {
  return text.slice(0, 100).trim();
}

async function say(url: string, conversation_id: string, texts: readonly string[]): Promise<void> {
  const said = texts.map((text, at) => ({
    text,
    role: at % 3 === 2 ? ('system' as const) : ('user' as const),
  }));
  const before = said.slice(0, -1);
  const last = said.at(-1) ?? { text: 'Go on' };
  const otid = crypto.randomUUID();
  await call(url, 'messages.send', { conversation_id, ...last, before, otid, max_steps: 1000 });
  for (;;) {
    const { state } = await call(url, 'messages.sent', { conversation_id, otid });
    if (state === 'done') return;
    await delay(20);
  }
}
