import { setTimeout as delay } from 'node:timers/promises';
import type { ImportOptions } from './plan.ts';

// An import waits no longer than this for its copy of the store; the copy of a small one is done by then.
const WAIT_MS = 120;

/**
 * Begins a copy of the store as it is now. The answer, asked for after the import, says in a sentence that there is no
 * copy; `null` while all is well. A copy that takes long goes on by itself: when it fails after the answer, the process
 * warns on its error output.
 */
export function beginSnapshot(takeSnapshot: ImportOptions['takeSnapshot']): () => Promise<string | null> {
  if (takeSnapshot === undefined) return async () => null;
  let isAnswered = false;
  const copying = takeSnapshot().then(
    () => null,
    (cause: unknown) => {
      const reason = cause instanceof Error ? cause.message : String(cause);
      const sentence = `The store was not copied before this import: ${reason} The import itself is complete.`;
      if (isAnswered) process.emitWarning(sentence);
      return sentence;
    },
  );
  return async () => {
    const stop = new AbortController();
    const late = delay(WAIT_MS, null, { signal: stop.signal }).catch(() => null);
    const sentence = await Promise.race([copying, late]);
    isAnswered = true;
    stop.abort();
    return sentence;
  };
}
