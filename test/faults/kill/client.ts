import type { InputOf, MethodName, OutputOf } from '../../../shared/contract/index.ts';
import type { EventEnvelope, MemoirEvent } from '../../../shared/events.ts';
import { type Ack, acksOfEvent, acksOfReply } from '../verify/acks.ts';

/** Someone who uses a server over HTTP until it dies, and keeps what it acknowledged. */
export type Client = {
  /** `null` for a refusal that a client has to live with, such as a conflict. Throws {@link Gone}. */
  readonly call: <Name extends MethodName>(
    name: Name,
    input: InputOf<Name>,
  ) => Promise<OutputOf<Name> | null>;
  /** Says something the way Letta's clients do, and reads its stream to the end. Throws {@link Gone}. */
  readonly stream: (agent_id: string, text: string) => Promise<void>;
  /** Resolves with the next event that fits. Throws {@link Gone}. */
  readonly next: (fits: (event: MemoirEvent) => boolean) => Promise<MemoirEvent>;
  readonly acks: readonly Ack[];
  /** Refusals that no client should get, by their words. */
  readonly faults: readonly string[];
  /** Resolves when the event stream has ended. */
  readonly gone: Promise<void>;
};

/** The server does not answer any more. */
export class Gone extends Error {}

/** Refusals that people at work on the same things have to expect. */
const EXPECTED = ['conflict', 'busy', 'not_found', 'cancelled', 'limit_exceeded', 'invalid_input'];

/** Makes a client of a server and listens to its events. Rejects with {@link Gone} when it is dead already. */
export async function connectClient(url: string): Promise<Client> {
  const acks: Ack[] = [];
  const faults: string[] = [];
  const listeners = new Set<(event: MemoirEvent) => void>();
  const death = Promise.withResolvers<never>();
  death.promise.catch(() => undefined);
  const events = await reach(`${url}/ade/events`);
  const gone = readFrames(events, (data) => {
    const { event } = JSON.parse(data) as EventEnvelope;
    acks.push(...acksOfEvent(event));
    for (const listener of listeners) listener(event);
  }).then(() => death.reject(new Gone()));
  const call: Client['call'] = async (name, input) => {
    const response = await post(`${url}/ade/rpc/${name}`, input);
    const body = await textOf(response);
    if (response.ok) {
      const output = JSON.parse(body) as OutputOf<typeof name>;
      acks.push(...acksOfReply(name, output));
      return output;
    }
    const { error } = JSON.parse(body) as { error: { code: string; message: string } };
    if (!EXPECTED.includes(error.code)) faults.push(`${name}: ${error.code} ${error.message}`);
    return null;
  };
  return {
    call,
    acks,
    faults,
    gone,
    next: (fits) => {
      const heard = Promise.withResolvers<MemoirEvent>();
      const listener = (event: MemoirEvent): void => {
        if (fits(event)) heard.resolve(event);
      };
      listeners.add(listener);
      return Promise.race([heard.promise, death.promise]).finally(() => listeners.delete(listener));
    },
    stream: async (agent_id, text) => {
      const input = { messages: [{ role: 'user', content: text }], streaming: true, background: false };
      const response = await post(`${url}/v1/agents/${agent_id}/messages`, input);
      await readFrames(response, (data) => {
        if (data !== '[DONE]') acks.push(...acksOfFrame(JSON.parse(data) as Record<string, unknown>));
      });
    },
  };
}

/** An id that went out on a stream is a promise, too. */
function acksOfFrame({ id, message_type }: Record<string, unknown>): Ack[] {
  const is_message = message_type === 'assistant_message' || message_type === 'tool_return_message';
  return is_message && typeof id === 'string' ? [{ table: 'message', key: { id }, holds: {} }] : [];
}

function post(url: string, input: unknown): Promise<Response> {
  return reach(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input),
  });
}

async function reach(url: string, init: RequestInit = {}): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (cause) {
    throw new Gone('the server is gone', { cause });
  }
}

async function textOf(response: Response): Promise<string> {
  try {
    return await response.text();
  } catch (cause) {
    throw new Gone('the server is gone', { cause });
  }
}

/** Reads the data of each whole frame, until the stream ends or breaks. */
async function readFrames(response: Response, onData: (data: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const bytes of response.body ?? []) {
      const parts = (rest + decoder.decode(bytes as Uint8Array, { stream: true })).split('\n\n');
      rest = parts.pop() ?? '';
      const frames = parts.filter((part) => part.startsWith('data: '));
      for (const frame of frames) onData(frame.slice('data: '.length));
    }
  } catch (error) {
    // A stream of a killed process breaks; what is no break is a fault of these lines.
    if (error instanceof SyntaxError) throw error;
  }
}
