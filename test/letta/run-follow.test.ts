import { expect, test } from 'vitest';
import type { Message, Run } from '../../shared/contract/conversations.ts';
import type { MemoirEvent } from '../../shared/events.ts';
import type { Dispatch } from '../../electron/api/dispatch.ts';
import { createEventHub } from '../../electron/api/event-hub.ts';
import type { LettaBackend } from '../../electron/letta/backend.ts';
import { createFramer } from '../../electron/letta/frames.ts';
import type { RunEvent } from '../../electron/letta/run-events.ts';
import { sendAndFollow } from '../../electron/letta/run-follow.ts';

const id = (prefix: string, n: number): string =>
  `${prefix}-00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const CONVERSATION = id('conv', 1);
const RUN = id('run', 1);

function message(n: number, role: Message['role'], text: string, otid: string | null = null): Message {
  return {
    id: id('message', n),
    conversation_id: CONVERSATION,
    agent_id: id('agent', 1),
    seq: n,
    role,
    name: null,
    content: [{ type: 'text', text }],
    text,
    tool_calls: [],
    tool_call_id: null,
    tool_status: null,
    otid,
    run_id: RUN,
    step_id: null,
    status: 'complete',
    token_count: 1,
    created_at: '2026-11-21T14:00:00.000000Z',
  };
}

function run(state: Run['state']): Run {
  return {
    id: RUN,
    agent_id: id('agent', 1),
    conversation_id: CONVERSATION,
    state,
    stop_reason: state === 'completed' ? 'end_turn' : state === 'failed' ? 'llm_api_error' : null,
    error: state === 'failed' ? { code: 'model_rate_limit', message: 'Too many.' } : null,
    message_id: id('message', 1),
    step_count: 1,
    usage: {
      prompt_tokens: 1,
      completion_tokens: 1,
      total_tokens: 2,
      cached_input_tokens: 0,
      reasoning_tokens: 0,
    },
    started_at: '2026-11-21T14:00:00.000000Z',
    finished_at: null,
  };
}

/** A backend with a talk and a run in memory; `onSend` decides what happens, and when. */
function scripted(
  onSend: (script: { say: (event: MemoirEvent) => void; store: Message[] }) => void,
): LettaBackend {
  const hub = createEventHub('boot', () => undefined);
  const store: Message[] = [];
  let current = run('running');
  const say = (event: MemoirEvent): void => {
    if (event.type === 'message.added') store.push(event.message);
    if (event.type === 'run.started' || event.type === 'run.finished') current = event.run;
    hub.emit(event);
  };
  const answers: Record<string, () => unknown> = {
    'messages.send': () => {
      onSend({ say, store });
      return { inbox_id: id('inbox', 1), state: 'running' };
    },
    'messages.sent': () =>
      store.length === 0
        ? { state: 'queued', run: null, messages: [] }
        : { state: 'running', run: current, messages: store.slice(1) },
    'runs.current': () => ({ run: current, draft: null, queue: [] }),
  };
  const call = (name: string): Promise<unknown> => Promise.resolve(answers[name]!());
  return {
    call: call as Dispatch,
    subscribe: hub.subscribe,
    closing: new AbortController().signal,
    log: () => undefined,
  };
}

const SENDING = {
  conversation_id: CONVERSATION,
  text: 'Hi',
  role: 'user',
  otid: 'mine',
  before: [],
  max_steps: undefined,
} as const;

async function follow(backend: LettaBackend): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of await sendAndFollow(backend, SENDING, new AbortController().signal))
    events.push(event);
  return events;
}

const WHOLE: MemoirEvent[] = [
  { type: 'message.added', message: message(1, 'user', 'Hi', 'mine') },
  { type: 'run.started', run: run('running') },
  {
    type: 'message.delta',
    run_id: RUN,
    conversation_id: CONVERSATION,
    message_id: id('message', 2),
    step_id: id('step', 1),
    part: 'text',
    delta: 'Hel',
  },
  { type: 'message.added', message: message(2, 'assistant', 'Hello') },
  { type: 'run.finished', run: run('completed') },
];

test('a run that ends before the send has returned is answered whole', async () => {
  const events = await follow(scripted(({ say }) => WHOLE.forEach(say)));
  expect(events.map(({ kind }) => kind)).toEqual(['started', 'message', 'finished']);
});

test('a run whose events come later is followed in order, each message once', async () => {
  const backend = scripted(({ say }) => {
    for (const [index, event] of WHOLE.entries()) setTimeout(() => say(event), index * 5);
  });
  const events = await follow(backend);
  expect(events.map(({ kind }) => kind)).toEqual(['started', 'delta', 'message', 'finished']);
});

test('when the server closes, waiting ends with a reason', async () => {
  const closing = new AbortController();
  const backend = { ...scripted(({ say }) => WHOLE.slice(0, 2).forEach(say)), closing: closing.signal };
  const following = follow(backend);
  setTimeout(() => closing.abort(), 5);
  await expect(following).rejects.toMatchObject({ code: 'cancelled' });
});

test('a token stream adds only what was not streamed yet', async () => {
  const backend = scripted(({ say }) => {
    for (const [index, event] of WHOLE.entries()) setTimeout(() => say(event), index * 5);
  });
  const framer = createFramer({
    use_assistant_message: true,
    stream_tokens: true,
    include_pings: true,
    include_compaction_messages: false,
    background: false,
    types: null,
  });
  const text = (await follow(backend)).map(framer.write).join('');
  expect([...text.matchAll(/"content":"(\w+)"/g)].map((match) => match[1])).toEqual(['Hel', 'lo']);
  expect(text.startsWith('data: {"id":"ping-')).toBe(true);
  expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
});

test('a failed run ends its stream with the reason, an error event and [DONE]', async () => {
  const failed: MemoirEvent[] = [...WHOLE.slice(0, 2), { type: 'run.finished', run: run('failed') }];
  const events = await follow(scripted(({ say }) => failed.forEach(say)));
  const framer = createFramer({
    use_assistant_message: true,
    stream_tokens: false,
    include_pings: false,
    include_compaction_messages: false,
    background: false,
    types: null,
  });
  const frames = events.map(framer.write).join('').trimEnd().split('\n\n');
  expect(frames[0]).toBe('data: {"message_type":"stop_reason","stop_reason":"llm_api_error"}');
  expect(frames[1]).toMatch(/^event: error\ndata: \{"message_type":"error_message","run_id":"run-/);
  expect(frames[1]).toContain('"error_type":"llm_rate_limit"');
  expect(frames[2]).toBe('data: [DONE]');
});
