import { once } from 'node:events';
import { toWire } from '../../../shared/errors.ts';
import { openStore } from '../../../electron/store/open.ts';
import { readSetting, writeSetting } from '../../../electron/store/settings.ts';

// Counts up one number of a store, reading and writing in a transaction, beside others that do the same: says when it
// has the store open, and begins when it is told that all have.
const PAUSE_MS = 1;
const clock = new Int32Array(new SharedArrayBuffer(4));

const [folder = '', edits = '0'] = process.argv.slice(2);
const { database } = await openStore(folder);
process.send?.('ready');
await once(process, 'message');
const refused: string[] = [];
let count = 0;
for (let edit = 0; edit < Number(edits); edit += 1) {
  try {
    count = await database.transaction(async (tx) => {
      const next = Number((await readSetting(tx, 'counted')) ?? 0) + 1;
      // Long enough for another to read the same, if it is let.
      Atomics.wait(clock, 0, 0, PAUSE_MS);
      await writeSetting(tx, 'counted', String(next));
      return next;
    });
  } catch (error) {
    refused.push(toWire(error).message);
  }
}
await database.close();
process.disconnect();
process.stdout.write(JSON.stringify({ refused, count }));
