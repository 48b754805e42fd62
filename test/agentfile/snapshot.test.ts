import { mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import SqliteHandle from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { importAgentFile } from '../../electron/agentfile/import.ts';
import { type Backend, openBackend } from '../../electron/backend.ts';
import { SNAPSHOTS_KEPT, takeSnapshot } from '../../electron/store/snapshot.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { steppingClock, tempStore } from '../helpers/temp-store.ts';
import { lettaFile } from './letta-file.ts';

const clock = steppingClock('2026-02-01T00:00:00Z');
const text = JSON.stringify(lettaFile);

async function openAt(dataDir: string): Promise<Backend> {
  const backend = await openBackend({ dataDir, env: {}, log: () => undefined, clock });
  onTestFinished(() => backend.close());
  return backend;
}

function agentsIn(path: string): unknown {
  const copy = new SqliteHandle(path, { readonly: true });
  try {
    return copy.prepare('select name from agent order by rowid').pluck().all();
  } finally {
    copy.close();
  }
}

it('an import leaves a copy of the store as it was before, and says nothing of it', async () => {
  const dataDir = tempDir();
  const { call } = await openAt(dataDir);
  await call('agents.create', { name: 'Here before', model: 'memoir/offline' });
  const { warnings } = await call('agents.import', { text, name: 'Imported' });
  const folder = join(dataDir, 'backups');
  await expect
    .poll(() => readdirSync(folder))
    .toEqual([expect.stringMatching(/^memoir-before-import-.*\.db$/u)]);
  expect(agentsIn(join(folder, readdirSync(folder)[0] ?? ''))).toEqual(['Ada', 'Here before']);
  expect(warnings.join(' ')).not.toContain('copied');
});

it('a refused file leaves no copy, and so does a preview', async () => {
  const dataDir = tempDir();
  const { call } = await openAt(dataDir);
  await call('agents.inspect', { text });
  await expect(call('agents.import', { text: '{}' })).rejects.toMatchObject({ code: 'unsupported' });
  expect(readdirSync(dataDir)).not.toContain('backups');
});

it('an import whose copy can not be kept is made all the same, and says where there is none', async () => {
  const dataDir = tempDir();
  const { call } = await openAt(dataDir);
  writeFileSync(join(dataDir, 'backups'), 'a file where the folder should be');
  const { warnings, agent_ids } = await call('agents.import', { text });
  expect(agent_ids.length).toBe(1);
  expect(warnings[0]).toContain(join(dataDir, 'backups'));
});

it('the newest copies are kept and backups of other kinds, not what a copy that broke off left', async () => {
  const database = await tempStore();
  const folder = join(database.raw.name, '..', 'backups');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'memoir-schema-1-2.db'), 'of a migration');
  const abandoned = join(folder, 'memoir-before-import-1.db.part');
  writeFileSync(abandoned, 'half a copy');
  utimesSync(abandoned, 0, 0);
  const paths: (string | null)[] = [];
  for (let count = 0; count < SNAPSHOTS_KEPT + 2; count += 1) paths.push(await takeSnapshot(database, clock));
  const kept = readdirSync(folder);
  expect(kept.length).toBe(SNAPSHOTS_KEPT + 1);
  expect(kept).toContain('memoir-schema-1-2.db');
  for (const path of paths.slice(2)) expect(agentsIn(String(path))).toEqual([]);
  rmSync(folder, { recursive: true });
});

it('while a long history comes in, others get their turn', async () => {
  const database = await tempStore();
  const [agent] = lettaFile.agents;
  const messages = Array.from({ length: 3000 }, (_, index) => ({
    id: `message-${index}`,
    role: index === 0 ? 'system' : 'user',
    content: `This is number ${index}: ${'and so on '.repeat(40)}`,
  }));
  const agents = [{ ...agent, messages, in_context_message_ids: messages.map(({ id }) => id) }];
  let turns = 0;
  let isDone = false;
  const others = (): void => {
    turns += 1;
    if (!isDone) setImmediate(others);
  };
  setImmediate(others);
  const long = JSON.stringify({ ...lettaFile, agents });
  await importAgentFile(database, long, { strip_messages: false, clock });
  isDone = true;
  expect(turns).toBeGreaterThan(5);
  expect(database.raw.prepare('select count(*) from message').pluck().get()).toBe(2999);
});
