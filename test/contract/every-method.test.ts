import { describe, expect, onTestFinished, test } from 'vitest';
import { contract } from '../../shared/contract/index.ts';
import { createClient, httpTransport, type Client } from '../../shared/client.ts';
import { toWire } from '../../shared/errors.ts';
import { openBackend } from '../../electron/backend.ts';
import { createLettaRoutes } from '../../electron/letta/routes.ts';
import { createApp } from '../../electron/http/app.ts';
import { listen } from '../../electron/http/listen.ts';
import { systemClock } from '../../electron/store/clock.ts';
import { tempDir } from '../helpers/temp-dir.ts';

/** Answers carry the time they were made at; here it stands still. */
const STILL = { ...systemClock, now: () => '2026-11-21T14:00:00.000000Z' };

type Call = (name: string, input: unknown) => Promise<unknown>;
type Doors = { readonly inside: Call; readonly http: Call };

/** One backend, reached in the process and over HTTP. */
async function openDoors(): Promise<Doors> {
  const backend = await openBackend({ dataDir: tempDir(), env: {}, log: () => undefined, clock: STILL });
  const closing = new AbortController();
  const common = {
    call: backend.call,
    subscribe: backend.subscribe,
    closing: closing.signal,
    log: () => undefined,
  };
  const app = createApp({
    ...common,
    letta: createLettaRoutes(common),
    rendererDir: '/nowhere',
    host: '127.0.0.1',
    allowedOrigins: [],
  });
  const server = await listen(app, { host: '127.0.0.1', port: 0 }, closing);
  onTestFinished(async () => {
    await server.close();
    await backend.close();
  });
  const client: Client = createClient(httpTransport(server.url));
  return { inside: backend.call as Call, http: client.call as Call };
}

/** What a call gives, with what differs from call to call taken out. */
async function outcome(call: Call, name: string, input: unknown): Promise<unknown> {
  try {
    const text = JSON.stringify({ output: await call(name, input) });
    return JSON.parse(text.replaceAll(/"took_ms":[\d.e-]+/g, '"took_ms":0'));
  } catch (error) {
    return { error: toWire(error) };
  }
}

const UNKNOWN = '00000000-0000-4000-8000-000000000000';

/** Ids of things that do not exist, and the least input each method takes besides. */
const NOBODY = {
  agent_id: `agent-${UNKNOWN}`,
  block_id: `block-${UNKNOWN}`,
  conversation_id: `conv-${UNKNOWN}`,
  passage_id: `passage-${UNKNOWN}`,
  change_id: `change-${UNKNOWN}`,
  run_id: `run-${UNKNOWN}`,
  inbox_id: `inbox-${UNKNOWN}`,
  version: 1,
  base_version: 1,
  query: 'tea',
  text: 'not a file',
  title: 'A talk',
  otid: 'same',
  agent_ids: [`agent-${UNKNOWN}`],
  values: { human: 'a' },
};

/** These make or measure something new at each call, so two calls can't give the same. */
const MAKES_NEW = new Set(['agents.create', 'blocks.create', 'system.diagnose']);

describe('every method through every door', () => {
  const names = Object.keys(contract).filter((name) => !MAKES_NEW.has(name));

  test.each(names)('%s gives the same in the process and over HTTP', async (name) => {
    const { inside, http } = await openDoors();
    expect(await outcome(http, name, NOBODY)).toEqual(await outcome(inside, name, NOBODY));
    const empty = await outcome(inside, name, {});
    expect(await outcome(http, name, {})).toEqual(empty);
  });

  test('what one door makes, the other reads', async () => {
    const { inside, http } = await openDoors();
    const made = (await http('agents.create', { name: 'Kit', blocks: [{ label: 'human', value: 'a' }] })) as {
      id: string;
    };
    expect(await outcome(inside, 'agents.get', { agent_id: made.id })).toEqual({ output: made });
    const values = { human: 'b' };
    await http('agents.write_blocks', { agent_id: made.id, values });
    const states = { agent_ids: [made.id, NOBODY.agent_id] };
    expect(await outcome(inside, 'agents.states', states)).toMatchObject({
      output: {
        states: [{ agent_id: made.id, blocks: [{ value: 'b' }], message_ids: [], stop_reason: null }],
      },
    });
    expect(await outcome(http, 'agents.states', states)).toEqual(
      await outcome(inside, 'agents.states', states),
    );
    for (const name of [
      'blocks.list',
      'conversations.list',
      'agents.context',
      'archive.list',
      'archive.tags',
      'agents.export',
    ]) {
      const input = { agent_id: made.id };
      expect(await outcome(http, name, input), name).toEqual(await outcome(inside, name, input));
    }
  });

  test('input of the wrong shape is told with the field', async () => {
    const { http } = await openDoors();
    const { error } = (await outcome(http, 'agents.get', { agent_id: 7 })) as {
      error: { code: string; message: string };
    };
    expect(error.code).toBe('invalid_input');
    expect(error.message).toContain('agent id');
  });
});
