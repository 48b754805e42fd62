import { expect, test } from 'vitest';
import { writeSetting } from '../../electron/store/settings.ts';
import { inSavepoint } from '../../electron/store/savepoint.ts';
import { tempStore } from '../helpers/temp-store.ts';

test('a part that fills the disk fails for that reason, though SQLite took back the whole transaction', async () => {
  const database = await tempStore();
  const pages = Number(database.raw.pragma('page_count', { simple: true }));
  database.raw.pragma(`max_page_count = ${pages}`);
  const work = database.transaction(async (tx) => {
    await writeSetting(tx, 'before', 'kept only with the rest');
    await inSavepoint(tx, () => writeSetting(tx, 'large', 'x'.repeat(1_000_000)));
  });
  await expect(work).rejects.toMatchObject({ code: 'store_full' });
  expect(database.raw.inTransaction).toBe(false);
  expect(await database.read.selectFrom('setting').select('key').execute()).toEqual([]);
});

test('a part that fails for its own reason takes back its own writes alone', async () => {
  const database = await tempStore();
  await database.transaction(async (tx) => {
    await writeSetting(tx, 'before', 'kept');
    const part = inSavepoint(tx, async () => {
      await writeSetting(tx, 'part', 'gone');
      throw new Error('no');
    });
    await expect(part).rejects.toThrow('no');
  });
  expect(await database.read.selectFrom('setting').select('key').execute()).toEqual([{ key: 'before' }]);
});
