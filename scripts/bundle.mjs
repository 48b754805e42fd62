// Loads the built server together with the code V8 compiled for it in an earlier run.
// Node's own compile cache keeps what is compiled before anything has run, which leaves most functions to be compiled
// again in every start; here the code is kept after the first minute, with every function that ran until then.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import nodeModule from 'node:module';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';

// An import would load the Web Crypto API as well.
const { createHash } = process.getBuiltinModule('node:crypto');

const HASH_BYTES = 32;
/** Long enough for a first talk; later V8 drops the code of functions that run only at the start. */
const KEEP_AFTER_MS = 60_000;

/** The kept code, or undefined when there is none for exactly this source. V8 itself refuses that of another V8. */
function readKept(path, hash) {
  try {
    const bytes = readFileSync(path);
    return hash.equals(bytes.subarray(0, HASH_BYTES)) ? bytes.subarray(HASH_BYTES) : undefined;
  } catch {
    return undefined;
  }
}

function keep(path, hash, code) {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const unfinished = `${path}.${process.pid}`;
    // On the disk before it has its name: V8 trusts what it reads.
    writeFileSync(unfinished, Buffer.concat([hash, code]), { flush: true });
    renameSync(unfinished, path);
  } catch {
    // Where the folder can't be written, every start compiles anew; that is slower, and no reason to fail.
  }
}

/**
 * Keeps the code after a minute when more of it has run than ever before; without any kept code, a process that ends
 * earlier keeps its own.
 */
function keepLater(script, kept, { path, hash, keepAfterMs }) {
  const now = () => {
    clearTimeout(timer);
    process.off('exit', now);
    const code = script.createCachedData();
    if (code.length > (kept?.length ?? 0)) keep(path, hash, code);
  };
  const timer = setTimeout(now, keepAfterMs);
  timer.unref();
  if (kept === undefined) process.once('exit', now);
}

/**
 * Runs a CommonJS bundle as `require` would, and answers what it exports.
 * @param {string} file the bundle
 * @param {string} cacheFolder where its compiled code is kept; it is made if missing
 * @param {number} keepAfterMs
 */
export function loadBundle(file, cacheFolder, keepAfterMs = KEEP_AFTER_MS) {
  const source = readFileSync(file);
  const hash = createHash('sha256').update(source).digest();
  const path = join(cacheFolder, 'server.code');
  const cachedData = readKept(path, hash);
  const wrapped = `(function (exports, require, module, __filename, __dirname) {${source.toString()}\n})`;
  const script = new Script(wrapped, { filename: file, cachedData });
  keepLater(script, script.cachedDataRejected ? undefined : cachedData, { path, hash, keepAfterMs });
  const require = nodeModule.createRequire(file);
  const module = new nodeModule.Module(file);
  // The parts that the bundle loads late ask for it by `require`, and must meet this one.
  require.cache[file] = module;
  script.runInThisContext().call(module.exports, module.exports, require, module, file, dirname(file));
  module.loaded = true;
  return module.exports;
}
