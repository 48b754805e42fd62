/** Entry of the thread the backend runs in. Electron can't be imported here; what it has is asked of the main thread. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { toWire } from '../../shared/errors.ts';
import { type Backend, OFFLINE_DELAY_MS, openBackend } from '../backend.ts';
import type { SecretStore } from '../secret-store.ts';
import {
  type FromBackend,
  fromOutcome,
  type Outcome,
  type ThreadStart,
  type ToBackend,
} from './backend-messages.ts';
import { toOutcome } from './backend-messages.ts';

type Waiting = { readonly resolve: (outcome: Outcome) => void };

if (parentPort !== null) serve(parentPort, workerData as ThreadStart);

function serve(port: MessagePort, start: ThreadStart): void {
  const asked = new Map<number, Waiting>();
  const say = (message: FromBackend): void => port.postMessage(message);
  const log = (line: string): void => say({ kind: 'log', line });
  const opened = open(start, { say, log, secrets: askForSecrets(say, asked) });
  port.on('message', (message: ToBackend) => {
    if (message.kind === 'ping') say({ kind: 'pong' });
    else if (message.kind === 'answer') {
      asked.get(message.id)?.resolve(message.outcome);
      asked.delete(message.id);
    } else if (message.kind === 'close') {
      void opened
        .then((backend) => backend?.close())
        .catch((error: unknown) => log(`The store was not closed in order: ${String(error)}`))
        .finally(() => {
          say({ kind: 'closed' });
          port.close();
        });
    } else {
      void opened.then(async (backend) => {
        if (backend === null) return;
        const outcome = await toOutcome(
          () => backend.call(message.name as never, message.input as never),
          log,
        );
        say({ kind: 'answer', id: message.id, outcome });
      });
    }
  });
}

type Host = {
  readonly say: (message: FromBackend) => void;
  readonly log: (line: string) => void;
  readonly secrets: SecretStore;
};

async function open(start: ThreadStart, { say, log, secrets }: Host): Promise<Backend | null> {
  try {
    const backend = await openBackend({
      dataDir: start.data_dir,
      env: process.env,
      log,
      secrets,
      offline_delay_ms: OFFLINE_DELAY_MS,
      ...(start.log_path === undefined ? {} : { log_path: start.log_path }),
    });
    backend.subscribe((envelope) => say({ kind: 'event', envelope }));
    say({ kind: 'ready' });
    return backend;
  } catch (error) {
    log(
      `The backend did not open: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
    say({ kind: 'failed', error: toWire(error) });
    return null;
  }
}

function askForSecrets(say: Host['say'], asked: Map<number, Waiting>): SecretStore {
  let last = 0;
  const ask =
    (method: keyof SecretStore) =>
    async (...args: unknown[]): Promise<never> => {
      last += 1;
      const { promise, resolve } = Promise.withResolvers<Outcome>();
      asked.set(last, { resolve });
      say({ kind: 'ask', id: last, method, args });
      return fromOutcome(await promise) as never;
    };
  return {
    choices: ask('choices'),
    list: ask('list'),
    get: ask('get'),
    set: ask('set'),
    remove: ask('remove'),
    unlock: ask('unlock'),
  };
}
