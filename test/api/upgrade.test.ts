import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
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
  const [agent] = (await backend.call('agents.list', {})).agents;
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
