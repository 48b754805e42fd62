/**
 * A Chromium for tests: CHROMIUM_PATH, else the one from npm (Linux x64), else one the system has.
 * The bundled one comes before the system's, so that a machine with Chromium hides no missing step.
 */
import { execFileSync } from 'node:child_process';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { chromium, type Browser, type LaunchOptions } from 'playwright-core';

/** A browser that was started once and said its version. */
export interface FoundChromium {
  readonly path: string;
  /** Where it came from, for people: "CHROMIUM_PATH", "bundled" or "system". */
  readonly source: string;
  readonly version: string;
}

const CURE = 'install one ("apt-get install chromium") or set CHROMIUM_PATH to a Chrome or Chromium binary';

const SYSTEM_PATHS = [
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

let found: Promise<FoundChromium> | undefined;

/** Finds the browser, unpacking the bundled one when needed. Throws one line naming the cure when there is none. */
export function findChromium(): Promise<FoundChromium> {
  found ??= search();
  return found;
}

let shared: Promise<Browser> | undefined;

/** The browser that all tests of a process share, which it ends with: open contexts in it, and close only those. */
export async function sharedChromium(): Promise<Browser> {
  shared ??= launchChromium();
  if (!(await shared).isConnected()) shared = launchChromium();
  return shared;
}

/** Starts a headless browser; close it with `onTestFinished` or `afterAll`. */
export async function launchChromium(options: LaunchOptions = {}): Promise<Browser> {
  const { path } = await findChromium();
  return chromium.launch({ ...options, executablePath: path, args: [...FLAGS, ...(options.args ?? [])] });
}

async function search(): Promise<FoundChromium> {
  const chosen = process.env['CHROMIUM_PATH'];
  if (chosen !== undefined && chosen !== '') return prove(chosen, 'CHROMIUM_PATH');
  const problems: string[] = [];
  if (process.platform === 'linux' && process.arch === 'x64') {
    try {
      return prove(await unpackBundled(), 'bundled');
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  const system = SYSTEM_PATHS.find((path) => existsSync(path));
  if (system !== undefined) return prove(system, 'system');
  throw new Error(`No Chromium for the tests${problems.map((text) => ` (${text})`).join('')}: ${CURE}.`);
}

function prove(path: string, source: string): FoundChromium {
  // Chrome on Windows opens a window instead of printing its version.
  if (process.platform === 'win32' && existsSync(path)) return { path, source, version: 'unknown version' };
  try {
    const version = execFileSync(path, ['--version'], {
      encoding: 'utf8',
      timeout: 30_000,
      stdio: 'pipe',
    }).trim();
    return { path, source, version };
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
    throw new Error(`The Chromium at ${path} does not run (${reason}): ${CURE}.`, { cause: error });
  }
}

/**
 * Unpacks the browser, the libraries and the fonts a bare system lacks. Into a temporary folder that is then renamed,
 * so that parallel test runs never see half of it.
 */
async function unpackBundled(): Promise<string> {
  const require = createRequire(import.meta.url);
  const entry = require.resolve('@sparticuz/chromium');
  const packageFolder = dirname(dirname(entry));
  const { version } = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')) as {
    version: string;
  };
  const cache = join(packageFolder, '../../.cache');
  const folder = join(cache, `chromium-${version}`);
  const launcher = join(folder, 'chromium.sh');
  if (existsSync(launcher)) return launcher;

  await mkdir(cache, { recursive: true });
  const temporary = await mkdtemp(join(cache, 'chromium-unpacking-'));
  const packed = (name: string): string => join(packageFolder, 'bin', name);
  await Promise.all([
    pipeline(
      createReadStream(packed('chromium.br')),
      createBrotliDecompress(),
      createWriteStream(join(temporary, 'chromium'), { mode: 0o755 }),
    ),
    unpackTar(entry, packed('al2023.tar.br'), temporary),
    unpackTar(entry, packed('fonts.tar.br'), temporary),
  ]);
  await writeFile(join(temporary, 'fonts.conf'), fontsConfig(folder));
  await writeFile(join(temporary, 'chromium.sh'), launcherScript(folder), { mode: 0o755 });
  try {
    await rename(temporary, folder);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    if (!existsSync(launcher)) throw error;
  }
  return launcher;
}

/** tar-fs is a dependency of the Chromium package, hence resolved from there. */
async function unpackTar(entry: string, archive: string, target: string): Promise<void> {
  const tar = createRequire(entry)('tar-fs') as { extract(folder: string): NodeJS.WritableStream };
  await pipeline(createReadStream(archive), createBrotliDecompress(), tar.extract(target));
}

/** Without any fontconfig file Chromium's renderer crashes. */
function fontsConfig(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>${folder}/fonts</dir>
  <cachedir>${folder}/font-cache</cachedir>
</fontconfig>
`;
}

/** The browser gets its libraries and fonts from this folder; nothing else on the system is affected. */
function launcherScript(folder: string): string {
  return `#!/bin/sh
export FONTCONFIG_FILE="${folder}/fonts.conf"
export LD_LIBRARY_PATH="\${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}${folder}/lib"
exec "${folder}/chromium" "$@"
`;
}
