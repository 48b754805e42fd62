import { createRuntime } from '../../electron/agent/runtime.ts';
import { createModelRegistry } from '../../electron/models/registry.ts';
import { systemClock } from '../../electron/store/clock.ts';
import { lockFolder } from '../../electron/store/lock.ts';
import { openStore } from '../../electron/store/open.ts';
import { createToolRegistry } from '../../electron/tools/registry.ts';

// Runs a real runtime and sends messages until it is killed.
const [data_dir = '', conversation_id = '', base_url = ''] = process.argv.slice(2);
const lock = lockFolder(data_dir);
// A lock that nothing refers to is collected, and the folder is free.
process.once('exit', lock.release);
const { database } = await openStore(data_dir);
const runtime = createRuntime({
  database,
  models: createModelRegistry({ env: { OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: base_url } }),
  tools: createToolRegistry(),
  clock: systemClock,
  emit: () => undefined,
  log: () => undefined,
  instance_id: systemClock.newId('boot'),
});
await runtime.recover();
for (;;) {
  const otid = systemClock.newId('otid');
  const { inbox_id } = await runtime.send(conversation_id, { text: `Remember ${otid}`, otid });
  await runtime.waitFor(inbox_id);
}
