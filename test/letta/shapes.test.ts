import { expect, test } from 'vitest';
import { type Exchange, makeAgent, recordedExchanges, startLetta, type Wire } from './server.ts';

const exchanges = recordedExchanges();
if (exchanges === null) console.log('skipped: the recorded exchanges of a V1 server are not at hand');

/** The first recorded answer to a method and path pattern that is not empty. */
function recorded(method: string, path: RegExp, accept: (body: unknown) => boolean = () => true): Wire {
  const isRight = ({ req, res }: Exchange): boolean =>
    req.method === method && path.test(req.path) && res.status === 200 && accept(res.body);
  const { body } = exchanges!.find(isRight)!.res;
  return (Array.isArray(body) ? body[0] : body) as Wire;
}

function keysOf(wire: unknown): string[] {
  return Object.keys(wire as Wire).toSorted();
}

const filled = (body: unknown): boolean => Array.isArray(body) && body.length > 0;

test.skipIf(exchanges === null)('an agent has every key of a V1 agent, and so have its parts', async () => {
  const letta = await startLetta();
  const id = await makeAgent(letta);
  const ours = (await letta.ask(`GET /v1/agents/${id}`)).body as Wire;
  const theirs = recorded('POST', /^\/v1\/agents\/$/);
  expect(keysOf(ours)).toEqual(keysOf(theirs));
  expect(keysOf(ours)).toHaveLength(45);
  expect(keysOf(ours['llm_config'])).toEqual(keysOf(theirs['llm_config']));
  expect(keysOf(ours['memory'])).toEqual(keysOf(theirs['memory']));
  expect(keysOf((ours['blocks'] as Wire[])[0])).toEqual(keysOf((theirs['blocks'] as Wire[])[0]));
  expect(keysOf((ours['tools'] as Wire[])[0])).toEqual(keysOf((theirs['tools'] as Wire[])[0]));
  expect(keysOf(ours['model_settings'])).toEqual(keysOf(theirs['model_settings']));
});

test.skipIf(exchanges === null)('archive entries and models have every key of theirs', async () => {
  const letta = await startLetta();
  const id = await makeAgent(letta);
  const [entry] = (await letta.ask(`POST /v1/agents/${id}/archival-memory`, { text: 'x' })).body as Wire[];
  expect(keysOf(entry)).toEqual(keysOf(recorded('POST', /archival-memory$/)));
  const [model] = (await letta.ask('GET /v1/models/')).body as Wire[];
  expect(keysOf(model)).toEqual(expect.arrayContaining(keysOf(recorded('GET', /^\/v1\/models\/$/, filled))));
});

test.skipIf(exchanges === null)('messages have every key of theirs, by kind', async () => {
  const letta = await startLetta();
  const id = await makeAgent(letta);
  const answer = (await letta.ask(`POST /v1/agents/${id}/messages`, { input: 'Hi, my name is Kit' }))
    .body as Wire;
  const theirs = recorded('POST', /agents\/[^/]+\/messages$/);
  expect(keysOf(answer)).toEqual(keysOf(theirs));
  expect(keysOf(answer['usage'])).toEqual(keysOf(theirs['usage']));
  const known = new Map<unknown, Wire>();
  for (const { res } of exchanges!) {
    const body = res.body as { messages?: unknown } | null;
    const list = Array.isArray(body) ? (body as unknown[]) : body?.messages;
    if (!Array.isArray(list)) continue;
    for (const message of list as (Wire | null)[]) known.set(message?.['message_type'], message ?? {});
  }
  const ours = (await letta.ask(`GET /v1/agents/${id}/messages`)).body as Wire[];
  for (const message of ours) expect(keysOf(message)).toEqual(keysOf(known.get(message['message_type'])));
});
