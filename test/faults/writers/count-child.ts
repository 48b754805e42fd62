import { toWire } from '../../../shared/errors.ts';
import { openStore } from '../../../electron/store/open.ts';
import { readSetting, writeSetting } from '../../../electron/store/settings.ts';

// Counts up one number of a store, reading and writing in a transaction, beside others that do the same.
const [folder = '', edits = '0'] = process.argv.slice(2);
const { database } = await openStore(folder);
const refused: string[] = [];
let count = 0;
for (let edit = 0; edit < Number(edits); edit += 1) {
  try {
    count = await database.transaction(async (tx) => {
      const next = Number((await readSetting(tx, 'counted')) ?? 0) + 1;
      await writeSetting(tx, 'counted', String(next));
      return next;
    });
  } catch (error) {
    refused.push(toWire(error).message);
  }
}
await database.close();
process.stdout.write(JSON.stringify({ refused, count }));
