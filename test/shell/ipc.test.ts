/** E7: the one channel, called by the wrong page, with the wrong name, of the wrong shape or size. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { contract } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { ipcTransport } from '../../shared/client.ts';
import type { EventEnvelope } from '../../shared/events.ts';
import { SHELL_METHODS, type ShellMessage } from '../../shared/shell.ts';
import { type Outcome, toOutcome } from '../../electron/shell/backend-messages.ts';
import { CALL_CHANNEL } from '../../electron/shell/channels.ts';
import { isOwnSender, openIpc, type Sender } from '../../electron/shell/ipc.ts';
import { payloadProblem } from '../../electron/payload.ts';
import { ROOT } from '../helpers/sources.ts';

const OURS: Sender = {
  sender: { id: 7 },
  senderFrame: { url: 'memoir://app/index.html#/chat', parent: null },
};

type Door = {
  readonly invoke: (sender: Sender, ...args: unknown[]) => Promise<Outcome>;
  readonly called: { name: string; input: unknown }[];
  readonly restarted: () => number;
  /** Inputs of what set the language. */
  readonly told: unknown[];
  readonly channels: string[];
  readonly logged: string[];
};

function door(
  call: (name: string) => Promise<Outcome> = () => Promise.resolve({ ok: true, output: 1 }),
): Door {
  const called: { name: string; input: unknown }[] = [];
  const channels: string[] = [];
  const logged: string[] = [];
  const told: unknown[] = [];
  const files = [{ name: 'kit.af', text: '{}' }];
  let restarted = 0;
  let handler: (event: unknown, ...args: unknown[]) => unknown = () => undefined;
  openIpc(
    {
      handle: (channel, listener) => {
        channels.push(channel);
        handler = listener as typeof handler;
      },
    },
    {
      isOwnWindow: (id) => id === 7,
      call: (name, input) => {
        called.push({ name, input });
        return call(name);
      },
      shell: {
        'shell.restart_engine': () => void (restarted += 1),
        'shell.set_language': (input) => void told.push(input),
        'shell.take_file': () => files.pop() ?? null,
      },
      log: (line) => logged.push(line),
    },
  );
  const invoke = async (sender: Sender, ...args: unknown[]): Promise<Outcome> =>
    (await handler(sender, ...args)) as Outcome;
  return { invoke, called, channels, logged, told, restarted: () => restarted };
}

const STRANGERS: [string, Sender][] = [
  ['a frame that is gone', { ...OURS, senderFrame: null }],
  ['a frame inside our page', { ...OURS, senderFrame: { url: 'memoir://app/', parent: {} } }],
  ['a page that is in none of our windows', { ...OURS, sender: { id: 8 } }],
  ...[
    'https://evil.example/',
    'memoir://app.evil/',
    'memoir://other/',
    'evil://app/',
    'file:///index.html',
    'about:blank',
    'data:text/html,x',
    '',
  ].map((url): [string, Sender] => [`the address ${url}`, { ...OURS, senderFrame: { url, parent: null } }]),
];

describe('who may call', () => {
  test('there is one channel', () => expect(door().channels).toEqual([CALL_CHANNEL]));

  test('the main frame of our window at our address may call every method', async () => {
    const { invoke, called } = door();
    for (const name of Object.keys(contract)) {
      expect(await invoke(OURS, name, {})).toEqual({ ok: true, output: 1 });
    }
    expect(called.map(({ name }) => name)).toEqual(Object.keys(contract));
  });

  test.each(STRANGERS)('%s may call none of them, and learns nothing', async (_who, sender) => {
    expect(isOwnSender(sender, (id) => id === 7)).toBe(false);
    const { invoke, called, restarted, told } = door();
    for (const name of [...Object.keys(contract), ...SHELL_METHODS, 'nothing']) {
      await expect(invoke(sender, name, {})).rejects.toThrow(/^Refused$/);
    }
    expect([called, restarted(), told]).toEqual([[], 0, []]);
  });
});

describe('what may be called', () => {
  test.each([
    ['toString', 'not_found'],
    ['__proto__', 'not_found'],
    ['constructor', 'not_found'],
    ['agents.list ', 'not_found'],
    ['shell.anything', 'not_found'],
    ['', 'not_found'],
    [7, 'invalid_input'],
    [null, 'invalid_input'],
    [['agents.list'], 'invalid_input'],
    [{ toString: () => 'agents.list' }, 'invalid_input'],
  ])('the name %j is %s', async (name, code) => {
    const { invoke, called } = door();
    expect(await invoke(OURS, name, {})).toMatchObject({ ok: false, error: { code } });
    expect(called).toEqual([]);
  });

  test('more than a name and an input is refused', async () => {
    expect(await door().invoke(OURS, 'agents.list', {}, 'more')).toMatchObject({ ok: false });
  });

  test("the shell's own methods need no engine", async () => {
    const { invoke, restarted, told, called } = door();
    expect(await invoke(OURS, 'shell.restart_engine', {})).toEqual({ ok: true, output: {} });
    expect(await invoke(OURS, 'shell.set_language', { language: 'de' })).toEqual({ ok: true, output: {} });
    expect(await invoke(OURS, 'shell.take_file', {})).toEqual({
      ok: true,
      output: { name: 'kit.af', text: '{}' },
    });
    expect(await invoke(OURS, 'shell.take_file', {})).toEqual({ ok: true, output: null });
    expect([restarted(), told, called]).toEqual([1, [{ language: 'de' }], []]);
  });

  const CARRY_A_FILE = ['agents.import', 'agents.inspect'];
  const endless = (): unknown[] => {
    const list: unknown[] = [];
    list.length = 2 ** 32 - 1;
    return list;
  };
  const circular: { self?: unknown } = {};
  circular.self = circular;
  test.each<[string, unknown]>([
    ['a number that is none', { a: Number.NaN }],
    ['an endless number', Number.POSITIVE_INFINITY],
    ['a big integer', 1n],
    ['a date', { at: new Date(0) }],
    ['a map', new Map()],
    ['bytes', new Uint8Array(2)],
    ['a pattern', /x/],
    ['a circle', circular],
    ['a depth of 65', Array.from({ length: 65 }).reduce((inner) => [inner], 'x')],
    // Its length crosses with it, and what reads it would count to its end.
    ['a list of nothing that is four billion long', endless()],
    ['65 MiB of text', { text: 'x'.repeat(65 * 1024 * 1024) }],
    ['65 MiB of names', { ['x'.repeat(65 * 1024 * 1024)]: 1 }],
  ])('%s is refused before any method sees it', async (what, input) => {
    const { invoke, called, restarted, told } = door();
    const small = Object.keys(contract).filter((name) => !CARRY_A_FILE.includes(name));
    const names = what.includes('MiB') ? small : [...small, ...CARRY_A_FILE];
    for (const name of [...names, ...SHELL_METHODS]) {
      const outcome = await invoke(OURS, name, input);
      expect(outcome, name).toMatchObject({ ok: false, error: { code: 'invalid_input' } });
    }
    expect([called, restarted(), told]).toEqual([[], 0, []]);
  });

  test('an agent file may be larger, and so many values are too many for any', () => {
    const text = 'x'.repeat(65 * 1024 * 1024);
    expect([payloadProblem(text, 64), payloadProblem(text, 512)]).toEqual(['is larger than 64 MiB', null]);
    expect(
      payloadProblem(
        Array.from({ length: 5_000_001 }, () => 0),
        512,
      ),
    ).toContain('more than 5000000 values');
  });

  test('plain data of any shape passes as it is', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
        expect(payloadProblem(value, 64)).toBeNull();
      }),
      { numRuns: 1000 },
    );
  });

  test('whatever is thrown at the door, it answers with a code or refuses', async () => {
    const { invoke } = door();
    const name = fc.oneof(fc.constantFrom(...Object.keys(contract), ...SHELL_METHODS), fc.anything());
    await fc.assert(
      fc.asyncProperty(
        name,
        fc.anything({ withDate: true, withMap: true, withBigInt: true }),
        async (named, input) => {
          const outcome = await invoke(OURS, named, input);
          expect(outcome.ok || ['invalid_input', 'not_found'].includes(outcome.error.code)).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('what comes back', () => {
  test('an expected failure keeps its code, words and facts', async () => {
    const fail = (): Promise<never> =>
      Promise.reject(new AppError('conflict', 'It changed.', { details: { version: 3 } }));
    expect(await toOutcome(fail, () => undefined)).toEqual({
      ok: false,
      error: { code: 'conflict', message: 'It changed.', details: { version: 3 } },
    });
  });

  test('of an unexpected one only the log hears: no stack, no path and no word of it crosses', async () => {
    const logged: string[] = [];
    const fail = (): Promise<never> => Promise.reject(new Error('ENOENT /home/kit/.ssh/id'));
    const outcome = await toOutcome(fail, (line) => logged.push(line));
    expect(outcome).toMatchObject({ ok: false, error: { code: 'internal' } });
    expect(JSON.stringify(outcome)).not.toMatch(/kit|ENOENT|\.ts/);
    expect(logged[0]).toContain('ENOENT /home/kit/.ssh/id');
  });
});

describe('the bridge', () => {
  test('exposes two functions, frozen, and hands no event of Electron to the page', async () => {
    const exposed: Record<string, Record<string, (...args: never[]) => unknown>> = {};
    const listeners: ((event: unknown, message: unknown) => void)[] = [];
    const invoked: unknown[][] = [];
    vi.doMock('electron', () => ({
      contextBridge: { exposeInMainWorld: (key: string, api: never) => (exposed[key] = api) },
      ipcRenderer: {
        invoke: (...args: unknown[]) => invoked.push(args),
        on: (_channel: string, listener: (typeof listeners)[0]) => listeners.push(listener),
        removeListener: (_channel: string, listener: (typeof listeners)[0]) =>
          listeners.splice(listeners.indexOf(listener), 1),
      },
    }));
    await import('../../electron/preload.ts');
    vi.doUnmock('electron');
    const { memoir } = exposed;
    expect(Object.keys(exposed)).toEqual(['memoir']);
    expect(Object.keys(memoir ?? {})).toEqual(['call', 'on']);
    expect(Object.isFrozen(memoir)).toBe(true);

    const heard: unknown[][] = [];
    const stop = memoir?.['on']?.(((...args: unknown[]) => heard.push(args)) as never) as () => void;
    listeners[0]?.({ sender: 'secret' }, { seq: 1 });
    expect(heard).toEqual([[{ seq: 1 }]]);
    stop();
    expect(listeners).toEqual([]);
    memoir?.['call']?.('agents.list' as never, {} as never);
    expect(invoked).toEqual([[CALL_CHANNEL, 'agents.list', {}]]);
  });

  test('has no more than that in its source', () => {
    const text = readFileSync(join(ROOT, 'electron/preload.ts'), 'utf8');
    const used = new Set([...text.matchAll(/ipcRenderer\.(\w+)/g)].map(([, name]) => name));
    expect(used).toEqual(new Set(['invoke', 'on', 'removeListener']));
  });

  test('the page listens at once, a restart of the engine is its gap, and a command is no event', () => {
    let tell = (_message: EventEnvelope | ShellMessage): void => undefined;
    const transport = ipcTransport({
      call: () => Promise.resolve({ ok: true, output: null }),
      on: (listener) => {
        tell = listener;
        return () => undefined;
      },
    });
    const heard: unknown[] = [];
    transport.subscribe(
      (envelope) => heard.push(envelope.seq),
      () => heard.push('listening'),
    );
    tell({ boot_id: 'a', seq: 1, event: { type: 'block.deleted', block_id: 'block-1' } });
    tell({ shell: 'command', command: 'agent.new' });
    tell({ shell: 'engine', state: 'restarted' });
    expect(heard).toEqual(['listening', 1, 'listening']);
  });
});
