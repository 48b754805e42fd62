import { setTimeout as delay } from 'node:timers/promises';

/** Reads again until `isRight` says so, for 20 seconds; then throws, with what was read last. */
export async function until<Value>(
  what: string,
  read: () => Promise<Value>,
  isRight: (value: Value) => boolean,
): Promise<void> {
  const end = performance.now() + 20_000;
  for (;;) {
    const value = await read();
    if (isRight(value)) return;
    if (performance.now() > end) throw new Error(`${what}: ${JSON.stringify(value)}`);
    await delay(30);
  }
}
