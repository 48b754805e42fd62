import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import SqliteHandle from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { type Backend, openBackend } from '../../electron/backend.ts';
import { openStore, STORE_FILE } from '../../electron/store/open.ts';
import { ROOT } from '../helpers/sources.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const CORPUS = join(ROOT, 'test/fixtures/store');
const stores = readdirSync(CORPUS).filter((name) => name.endsWith('.db.gz'));

function unpack(name: string): string {
  const folder = tempDir();
  writeFileSync(join(folder, STORE_FILE), gunzipSync(readFileSync(join(CORPUS, name))));
  return folder;
}

async function answer(backend: Backend, conversation_id: string, text: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  backend.subscribe(({ event }) => {
    if (event.type === 'message.added' && event.message.role === 'assistant' && event.message.text !== '') {
      resolve(event.message.text);
    }
  });
  await backend.call('messages.send', { conversation_id, text, otid: text });
  return promise;
}

test('there is a store of the schema this version writes', async () => {
  const { database } = await openStore(tempDir());
  onTestFinished(() => database.close());
  expect(stores).toContain(`v${String(database.raw.pragma('user_version', { simple: true }))}.db.gz`);
});

test.each(stores)('%s opens, holds what its people had, and its agent goes on', async (name) => {
  const backend = await openBackend({ dataDir: unpack(name), env: {}, log: () => undefined });
  onTestFinished(() => backend.close());
  expect(await backend.call('system.info', {})).toMatchObject({ store: 'ready', message: null });
  const agent = (await backend.call('agents.list', {})).agents.find((one) => one.name !== 'Forked');
  const agent_id = agent?.id ?? '';
  const { blocks } = await backend.call('blocks.list', { agent_id });
  const human = blocks.find((block) => block.label === 'human');
  expect(human?.value).toContain('Kit');
  expect(human?.value).not.toContain('green tea');
  expect(blocks.some((block) => block.value.endsWith('Edited by hand.'))).toBe(true);
  const { passages } = await backend.call('archive.list', { agent_id });
  expect(passages.map((passage) => passage.text)).toEqual([
    'The garden gate sticks in winter.',
    expect.stringContaining('tulip-42') as unknown,
  ]);
  const { conversations } = await backend.call('conversations.list', { agent_id });
  expect(conversations.map(({ title }) => title)).toContain('Second talk');
  const second = conversations.find(({ title }) => title === 'Second talk');
  expect(await answer(backend, second?.id ?? '', 'What is the wifi code?')).toContain('tulip-42');
});

test('a store of the first schema is copied before it changes, and the copy is sound and as it was', async () => {
  const folder = unpack('v10.db.gz');
  const before = new SqliteHandle(join(folder, STORE_FILE), { readonly: true });
  const rows = (handle: SqliteHandle.Database): unknown => [
    handle.prepare('select * from message order by ord').all(),
    handle.prepare('select id, version, digest from block_version order by id').all(),
  ];
  const was = rows(before);
  before.close();
  const { database, backup } = await openStore(folder);
  onTestFinished(() => database.close());
  expect(rows(database.raw)).toEqual(was);
  const copy = new SqliteHandle(backup ?? '', { readonly: true });
  onTestFinished(() => void copy.close());
  expect(copy.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(copy.pragma('user_version', { simple: true })).toBe(10);
  expect(rows(copy)).toEqual(was);
});

test('of a store of this schema a branch, a fork and the trash are as they were left', async () => {
  const backend = await openBackend({ dataDir: unpack('v20.db.gz'), env: {}, log: () => undefined });
  onTestFinished(() => backend.close());
  const { agents } = await backend.call('agents.list', {});
  const first = agents.find((agent) => agent.name !== 'Forked');
  const agent_id = first?.id ?? '';
  const { conversations } = await backend.call('conversations.list', { agent_id });
  const branch = conversations.find((conversation) => conversation.parent_id !== null);
  expect(branch?.archived_at).not.toBeNull();
  const { messages } = await backend.call('messages.list', { conversation_id: branch?.id ?? '' });
  expect(messages.map(({ seq }) => seq)).toEqual(messages.map((_, index) => index + 1));
  expect(messages.map(({ text }) => text)).toContain('What do I like to drink?');
  const { conversations: trash } = await backend.call('conversations.trash', { agent_id });
  expect(trash.map(({ title }) => title)).toEqual(['Thrown away']);
  const fork = agents.find((agent) => agent.name === 'Forked');
  const { blocks } = await backend.call('blocks.list', { agent_id: fork?.id ?? '' });
  expect(blocks.some((block) => block.value.includes('green tea'))).toBe(true);
});
