/** What no source may hold, with the reason; each rule finds what is planted for it. */
import { describe, expect, test } from 'vitest';
import { readSources, type SourceFile } from '../helpers/sources.ts';

type Rule = {
  readonly what: string;
  readonly pattern: RegExp;
  /** Files that may. */
  readonly allowed: readonly string[];
  /** A violation, to prove that it would be found. */
  readonly planted: readonly string[];
};

const RULES: readonly Rule[] = [
  {
    what: 'text that becomes HTML (R7)',
    pattern:
      /dangerouslySetInnerHTML|\b(?:inner|outer)HTML\b|insertAdjacentHTML|\bsrcDoc\b|document\.write|createContextualFragment|setHTMLUnsafe|parseFromString/i,
    allowed: [],
    planted: ['<p dangerouslySetInnerHTML={x} />', 'box.innerHTML = text;', '<iframe srcdoc="x">'],
  },
  {
    what: 'text that becomes code (R3)',
    pattern: /\beval\(|new Function\(|\bFunction\(|node:vm|set(?:Timeout|Interval)\(\s*['"`]/,
    allowed: [],
    planted: ['eval(text)', 'new Function("x")', "from 'node:vm'", "setTimeout('x()')"],
  },
  {
    what: 'a program that is started, or Node in one (E9, R10)',
    pattern: /child_process|\bfork\(|\bexecSync\(|shell:\s*true|ELECTRON_RUN_AS_NODE/,
    allowed: [],
    planted: ["from 'node:child_process'", 'fork(path)', '{ shell: true }', 'ELECTRON_RUN_AS_NODE=1'],
  },
  {
    what: 'bytes that become objects of classes (R13)',
    pattern: /v8\.deserialize|node:v8|serialize-javascript|pickle/,
    allowed: [],
    planted: ["import { deserialize } from 'node:v8';", 'v8.deserialize(bytes)'],
  },
  {
    what: 'a window made elsewhere (E1)',
    pattern: /new (?:BrowserWindow|BaseWindow|WebContentsView|BrowserView)\b/,
    allowed: ['electron/shell/window.ts'],
    planted: ['new BrowserWindow({})', 'new WebContentsView()'],
  },
  {
    what: 'a way outside beside the gate (E6)',
    pattern: /\.openExternal\(|\.openPath\(/,
    allowed: ['electron/main.ts'],
    planted: ['shell.openExternal(url)', 'shell.openPath(path)'],
  },
  {
    what: 'a door of IPC beside the one (E7)',
    pattern: /ipcMain\.(?:on|once|handle|handleOnce)\(|\bipcRenderer\b|exposeInMainWorld/,
    allowed: ['electron/shell/ipc.ts', 'electron/preload.ts'],
    planted: ["ipcMain.on('x', run)", "ipcRenderer.send('x')"],
  },
  {
    what: 'a key kept readable, or by calls that go away (E11, E12)',
    pattern: /setUsePlainTextEncryption|\.(?:en|de)cryptString\(|isEncryptionAvailable\(/,
    allowed: [],
    planted: ['safeStorage.setUsePlainTextEncryption(true)', 'safeStorage.encryptString(key)'],
  },
  {
    what: 'a report sent away, or a session without walls (E18, E20)',
    pattern: /crashReporter|defaultSession|autoUpdater|electron-updater/,
    allowed: [],
    planted: ['crashReporter.start()', 'session.defaultSession', "from 'electron-updater'"],
  },
  {
    what: 'what goes along with a request to another address (R4)',
    pattern: /redirect:\s*['"]follow['"]|credentials:\s*['"]include['"]|rejectUnauthorized|NODE_TLS_REJECT/,
    allowed: [],
    planted: ["{ redirect: 'follow' }", "{ credentials: 'include' }", '{ rejectUnauthorized: false }'],
  },
];

const files = ['shared', 'electron', 'renderer'].flatMap(readSources);

function violationsOf({ pattern, allowed }: Rule, sources: readonly SourceFile[]): string[] {
  return sources
    .filter(({ path }) => !allowed.includes(path))
    .filter(({ text }) => pattern.test(withoutComments(text)))
    .map(({ path }) => path);
}

function withoutComments(text: string): string {
  return text.replaceAll(/^\s*\/\*[\s\S]*?\*\//gm, '').replaceAll(/^\s*\/\/.*$/gm, '');
}

describe.each(RULES)('$what', (rule) => {
  test('is in no source', () => expect(violationsOf(rule, files)).toEqual([]));

  test.each(rule.planted)('is found: %s', (text) => {
    expect(violationsOf(rule, [{ path: 'renderer/planted.tsx', text }])).toEqual(['renderer/planted.tsx']);
  });

  test('is where it may be', () => {
    for (const path of rule.allowed) {
      expect(violationsOf({ ...rule, allowed: [] }, files)).toContain(path);
    }
  });
});

test('the one window that is made, the one channel and the one gate lie in files of the tree', () => {
  const paths = files.map(({ path }) => path);
  expect(paths).toEqual(expect.arrayContaining(RULES.flatMap(({ allowed }) => allowed)));
  expect(paths.length).toBeGreaterThan(300);
});
