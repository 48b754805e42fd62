/** A thread that says it is ready and then never comes to rest, as a backend in an endless loop would. */
import { parentPort } from 'node:worker_threads';

parentPort?.postMessage({ kind: 'ready' });
for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
