/** E14, E18 and the order of the start: the entry itself over a recording fake of Electron. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { refusedSwitch } from '../../electron/shell/debug-switches.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const done: string[] = [];
const facts = { isPackaged: false, isFirst: true, switches: new Set<string>() };

vi.mock('electron', () => ({
  app: {
    get isPackaged() {
      return facts.isPackaged;
    },
    commandLine: { hasSwitch: (name: string) => facts.switches.has(name) },
    setPath: (name: string) => void done.push(`setPath ${name}`),
    requestSingleInstanceLock: () => {
      done.push('lock');
      return facts.isFirst;
    },
    enableSandbox: () => void done.push('enableSandbox'),
    on: (event: string) => void done.push(`on ${event}`),
    whenReady: () => {
      done.push('whenReady');
      return new Promise(() => undefined);
    },
    quit: () => void done.push('quit'),
    exit: (code: number) => void done.push(`exit ${code}`),
  },
  protocol: { registerSchemesAsPrivileged: () => void done.push('registerScheme') },
  ...Object.fromEntries(
    [
      'BrowserWindow',
      'dialog',
      'ipcMain',
      'Menu',
      'nativeTheme',
      'safeStorage',
      'screen',
      'session',
      'shell',
    ].map((name) => [name, {}]),
  ),
}));

async function begin(): Promise<string[]> {
  done.length = 0;
  vi.resetModules();
  vi.stubEnv('MEMOIR_DATA', tempDir());
  const before = process.listeners('uncaughtException');
  const rejections = process.listeners('unhandledRejection');
  await import('../../electron/main.ts');
  // The runner needs its own to be the only ones.
  for (const each of process.listeners('uncaughtException')) {
    if (!before.includes(each)) process.off('uncaughtException', each);
  }
  for (const each of process.listeners('unhandledRejection')) {
    if (!rejections.includes(each)) process.off('unhandledRejection', each);
  }
  return [...done];
}

beforeEach(() => {
  Object.assign(facts, { isPackaged: false, isFirst: true, switches: new Set<string>() });
});

describe('the start', () => {
  test('takes the lock of the data folder first; sandbox, scheme and limits are there before anything is ready', async () => {
    expect(await begin()).toEqual([
      'setPath userData',
      'lock',
      'enableSandbox',
      'registerScheme',
      'on session-created',
      'on web-contents-created',
      'on child-process-gone',
      'on open-file',
      'whenReady',
    ]);
  });

  test('a second instance ends without touching anything', async () => {
    facts.isFirst = false;
    expect(await begin()).toEqual(['setPath userData', 'lock', 'quit']);
  });

  test('window data that was chosen by a switch stays there', async () => {
    facts.switches.add('user-data-dir');
    expect(await begin()).not.toContain('setPath userData');
  });

  test.each(['remote-debugging-port', 'remote-debugging-pipe'])(
    'a packaged app that is started with --%s ends at once',
    async (name) => {
      facts.isPackaged = true;
      facts.switches.add(name);
      expect(await begin()).toEqual(['exit 1']);
    },
  );
});

describe('switches that open the app to a debugger', () => {
  const started = (arg: string, isPackaged = true): string | null => {
    const name = arg.replace(/^--/, '').split('=')[0];
    return refusedSwitch({ isPackaged, args: ['/opt/memoir', arg], hasSwitch: (each) => each === name });
  };

  test.each([
    '--remote-debugging-port=9222',
    '--remote-debugging-pipe',
    '--remote-debugging-address=0.0.0.0',
    '--inspect',
    '--inspect=0.0.0.0:9229',
    '--inspect-brk',
    '--inspect-brk=1',
    '--inspect-wait',
    '--inspect-port=1',
    '--inspect-publish-uid=http',
    '--debug-port=5858',
    '-inspect',
  ])('%s is refused in a packaged app and taken in development', (arg) => {
    expect(started(arg)?.replace(/^-+/, '')).toBe(arg.replace(/^-+/, '').split('=')[0]);
    expect(started(arg, false)).toBeNull();
  });

  test.each(['--no-sandbox', '--debug', '--lang=de', '/home/kit/--inspect', '--inspector-notes'])(
    '%s is none',
    (arg) => expect(started(arg)).toBeNull(),
  );
});
