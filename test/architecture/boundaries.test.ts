import { describe, expect, test } from 'vitest';
import { importsOf, readSources, type SourceFile } from '../helpers/sources.ts';

/** Folders and packages a part may import; itself always. `*` stands for every package but `electron`. */
interface Rule {
  readonly folders: readonly string[];
  readonly packages: readonly string[];
}

const UI_LIBRARIES = [
  'react',
  'react-dom',
  'zustand',
  'radix-ui',
  'get-nonce',
  'lucide-react',
  'cmdk',
  'diff',
  'i18next',
  'streamdown',
  'react-resizable-panels',
  '@tanstack/react-virtual',
  '@fontsource-variable/inter',
  '@fontsource-variable/jetbrains-mono',
];

const CORE = ['store', 'models', 'memory', 'tools', 'agent', 'ingest', 'agentfile', 'diagnosis', 'doctor'];
const LOOSE = [
  'backend.ts',
  'command-line.ts',
  'content-policy.ts',
  'data-dir.ts',
  'log',
  'page-files.ts',
  'payload.ts',
  'secret-store.ts',
  'version.ts',
];
const ENTRY: Rule = {
  folders: [
    ...CORE,
    'api',
    'http',
    'letta',
    'diagnose-command.ts',
    'doctor-command.ts',
    'running-server.ts',
    ...LOOSE,
  ],
  packages: ['*'],
};
const SHELL: Rule = { folders: ['shell', ...LOOSE], packages: ['electron'] };

/** The table of docs/architecture.md. Keys are path prefixes, the longest one counts. */
const TABLE: Record<string, Rule> = {
  'shared/': { folders: [], packages: ['zod'] },
  'renderer/': { folders: ['shared/'], packages: UI_LIBRARIES },
  ...inElectron({
    store: { folders: [], packages: ['kysely', 'better-sqlite3', 'sqlite-vec', 'pg'] },
    models: { folders: ['secret-store.ts'], packages: ['gpt-tokenizer'] },
    memory: { folders: ['store'], packages: [] },
    tools: { folders: ['memory', 'store', 'models'], packages: [] },
    agent: { folders: ['memory', 'tools', 'models', 'store'], packages: [] },
    ingest: { folders: ['memory', 'store', 'models'], packages: ['pdfjs-dist', 'mammoth'] },
    agentfile: {
      folders: ['memory', 'store', 'models'],
      packages: ['@msgpack/msgpack', '@aws-sdk/client-s3'],
    },
    diagnosis: { folders: ['agent', 'tools', 'models', 'store'], packages: [] },
    doctor: { folders: ['agent', 'memory', 'models', 'store'], packages: [] },
    log: { folders: [], packages: [] },
    api: { folders: [...CORE, 'secret-store.ts'], packages: [] },
    http: {
      folders: ['api', 'content-policy.ts', 'page-files.ts', 'payload.ts'],
      packages: ['hono', '@hono/node-server'],
    },
    letta: { folders: ['api'], packages: ['hono', '@hono/node-server'] },
    'command-line.ts': { folders: [], packages: [] },
    'content-policy.ts': { folders: [], packages: [] },
    'data-dir.ts': { folders: [], packages: [] },
    'page-files.ts': { folders: ['content-policy.ts'], packages: [] },
    'payload.ts': { folders: [], packages: [] },
    'secret-store.ts': { folders: [], packages: [] },
    'version.ts': { folders: [], packages: [] },
    'backend.ts': ENTRY,
    'diagnose-command.ts': ENTRY,
    'doctor-command.ts': ENTRY,
    'running-server.ts': ENTRY,
    'server.ts': ENTRY,
    'cli.ts': ENTRY,
    shell: SHELL,
    'main.ts': SHELL,
    'preload.ts': SHELL,
  }),
};

/** Every part of electron/ may also use shared, zod and Node. */
function inElectron(rules: Record<string, Rule>): Record<string, Rule> {
  const prefix = (name: string): string => `electron/${name.endsWith('.ts') ? name : `${name}/`}`;
  return Object.fromEntries(
    Object.entries(rules).map(([name, { folders, packages }]) => [
      prefix(name),
      { folders: ['shared/', ...folders.map(prefix)], packages: ['zod', 'node:', ...packages] },
    ]),
  );
}

function violationsOf(file: SourceFile): string[] {
  const own = Object.keys(TABLE)
    .filter((prefix) => file.path.startsWith(prefix))
    .toSorted((a, b) => b.length - a.length)[0];
  const rule = own === undefined ? undefined : TABLE[own];
  if (own === undefined || rule === undefined) return [`${file.path} is in no folder of the table`];
  const isAllowed = (target: string): boolean => {
    if (/^(?:shared|renderer|electron|test|scripts|bench)\//.test(target) || target.startsWith('..')) {
      return [own, ...rule.folders].some((prefix) => target.startsWith(prefix));
    }
    if (target.startsWith('node:')) return rule.packages.includes('node:');
    return rule.packages.includes(target) || (rule.packages.includes('*') && target !== 'electron');
  };
  return importsOf(file)
    .filter((target) => !isAllowed(target))
    .map((target) => `${file.path} imports ${target}`);
}

const files = ['shared', 'electron', 'renderer'].flatMap(readSources);

describe('who may import whom', () => {
  test('every import follows the table', () => {
    expect(files.flatMap(violationsOf)).toEqual([]);
  });

  test('the check sees the files of every folder, and their imports', () => {
    for (const folder of ['shared/', 'electron/', 'renderer/']) {
      const seen = files.filter(({ path }) => path.startsWith(folder));
      expect(seen.length, folder).toBeGreaterThan(2);
      expect(seen.flatMap(importsOf).length, folder).toBeGreaterThan(seen.length / 2);
    }
  });

  test.each([
    ['shared/text.ts', "import { readFile } from 'node:fs';", 'node:fs'],
    ['shared/errors.ts', "import type { Row } from '../electron/store/rows.ts';", 'electron/store/rows.ts'],
    ['renderer/state/agents.ts', "import { z } from 'zod';", 'zod'],
    ['renderer/app.tsx', "import type { Db } from '../electron/store/store.ts';", 'electron/store/store.ts'],
    ['electron/store/blocks.ts', "import { app } from 'electron';", 'electron'],
    ['electron/store/blocks.ts', "export { loop } from '../agent/loop.ts';", 'electron/agent/loop.ts'],
    ['electron/memory/blocks.ts', "const x = await import('../agent/loop.ts');", 'electron/agent/loop.ts'],
    [
      'electron/agent/loop.ts',
      "import {\n  a,\n  b,\n} from '../api/dispatch.ts';",
      'electron/api/dispatch.ts',
    ],
    ['electron/agent/prompts/base.ts', "import type { Hono } from 'hono';", 'hono'],
    ['electron/tools/builtin/files.ts', "type A = import('electron').App;", 'electron'],
    [
      'electron/api/agents.ts',
      "new Worker(new URL('../shell/ipc.ts', import.meta.url));",
      'electron/shell/ipc.ts',
    ],
    ['electron/backend.ts', "import { dialogs } from './shell/dialogs.ts';", 'electron/shell/dialogs.ts'],
    ['electron/server.ts', "const electron = require('electron');", 'electron'],
    ['electron/http/app.ts', "import '../../test/helpers/clock.ts';", 'test/helpers/clock.ts'],
  ])('a planted violation in %s is found: %s', (path, text, target) => {
    expect(violationsOf({ path, text })).toEqual([`${path} imports ${target}`]);
  });

  test.each([
    ['electron/shell/ipc.ts', "import { ipcMain } from 'electron';\nimport { open } from '../backend.ts';"],
    ['electron/http/app.ts', "import { dispatch } from '../api/dispatch.ts';\nimport { Hono } from 'hono';"],
    ['renderer/main.tsx', "import '@fontsource-variable/inter/index.css';\nimport './styles/base.css';"],
    ['electron/memory/blocks.ts', "/**\n * import { app } from 'electron';\n */\n// import 'hono'"],
  ])('an allowed import in %s passes', (path, text) => {
    expect(violationsOf({ path, text })).toEqual([]);
  });

  test.each(['electron/misc/a.ts', 'electron/loose.ts'])('%s, in no folder of the table, fails', (path) => {
    expect(violationsOf({ path, text: '' })).toEqual([`${path} is in no folder of the table`]);
  });
});
