import type { EventEnvelope } from '../shared/events.ts';
import { call } from '../test/helpers/call.ts';
import { timed } from './figures.ts';

/** Hears the one event stream of a server and tells who waits that a conversation's run has ended. */
export type Ends = {
  /** Resolves with the state of the next run of a conversation to end. */
  readonly next: (conversation_id: string) => Promise<string>;
  readonly close: () => Promise<void>;
};

/** A turn taken through a door. */
export type LoadTurn = { readonly ok: boolean; readonly acknowledged_ms: number };

/** Opens the event stream of a server. */
export async function hearEnds(url: string): Promise<Ends> {
  const stop = new AbortController();
  const waiting = new Map<string, (state: string) => void>();
  const response = await fetch(`${url}/ade/events`, { signal: stop.signal });
  const heard = (async () => {
    for await (const { event } of envelopes(response)) {
      if (event.type !== 'run.finished') continue;
      waiting.get(event.run.conversation_id)?.(event.run.state);
    }
  })().catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  return {
    next: (conversation_id) => new Promise((resolve) => waiting.set(conversation_id, resolve)),
    close: async () => {
      stop.abort();
      await heard;
    },
  };
}

async function* envelopes(response: Response): AsyncGenerator<EventEnvelope> {
  for await (const line of lines(response)) {
    if (line.startsWith('data: ')) yield JSON.parse(line.slice(6)) as EventEnvelope;
  }
}

async function* lines(response: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  if (response.body === null) return;
  for await (const bytes of response.body) {
    const parts = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
  }
}

/** Says something through Memoir's own door and waits for the end of its run. */
export async function sayByAde(
  url: string,
  ends: Ends,
  message: { readonly conversation_id: string; readonly text: string; readonly otid: string },
): Promise<LoadTurn> {
  const ended = ends.next(message.conversation_id);
  const acknowledged_ms = await timed(() => call(url, 'messages.send', message));
  return { ok: (await ended) === 'completed', acknowledged_ms };
}

/** Says something through Letta's door and reads the stream of its answer to the end. */
export async function sayByLetta(
  url: string,
  { agent_id, text, otid }: { readonly agent_id: string; readonly text: string; readonly otid: string },
): Promise<LoadTurn> {
  const start = performance.now();
  const response = await fetch(`${url}/v1/agents/${agent_id}/messages/stream`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ messages: [{ role: 'user', content: text, otid }], stream_tokens: true }),
  });
  const acknowledged_ms = performance.now() - start;
  let last = '';
  for await (const line of lines(response)) if (line !== '') last = line;
  return { ok: response.ok && last === 'data: [DONE]', acknowledged_ms };
}
