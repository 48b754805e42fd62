import { systemClock } from '../../electron/store/clock.ts';
import { lockFolder } from '../../electron/store/lock.ts';
import { openStore } from '../../electron/store/open.ts';
import { createAskingRuntime } from './asking-runtime.ts';

// Sends messages whose calls have to be asked for, and decides about them one by one, until it is killed. Says on
// stdout what waits and what was decided, after the commit, a line each.
const [data_dir = '', conversation_id = '', base_url = '', bell = '', mode = ''] = process.argv.slice(2);
const lock = lockFolder(data_dir);
process.once('exit', lock.release);
const { database } = await openStore(data_dir);
const onRung = (): void => {
  if (mode === 'die-when-rung') process.kill(process.pid, 'SIGKILL');
};
const { runtime, settled } = createAskingRuntime(database, { base_url, bell, onRung });
const recovered = settled();
await runtime.recover();
const { run } = await runtime.current(conversation_id);
const first = await runtime.current(conversation_id);
// What was decided before the kill goes on by itself.
if (run?.state === 'running' || (run?.state === 'waiting' && first.approvals.length === 0)) await recovered;
for (;;) {
  const { approvals } = await runtime.current(conversation_id);
  for (const { id } of approvals) process.stdout.write(`pending ${id}\n`);
  const after = settled();
  if (approvals.length === 0) {
    await runtime.send(conversation_id, { text: 'Ring', otid: systemClock.newId('otid') });
  }
  for (const [index, { id: approval_id }] of approvals.entries()) {
    await runtime.decide([{ approval_id, decision: index === 2 ? 'deny' : 'approve' }], 'user');
    process.stdout.write(`decided ${approval_id}\n`);
  }
  await after;
}
