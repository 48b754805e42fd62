/** Call it between two pieces of long work: now and then it lets everyone else go first. */
export type Pause = () => Promise<void>;

const SLICE_MS = 10;

/** Makes a pause for one piece of work. Most calls of it cost a look at the clock. */
export function createPause(): Pause {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < SLICE_MS) return;
    await new Promise((resolve) => setImmediate(resolve));
    since = performance.now();
  };
}
