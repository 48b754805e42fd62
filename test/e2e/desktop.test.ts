/**
 * The production bundles of main process and preload, unchanged, in Node with a double of Electron and a real Chromium.
 * What it can not show, and electron.test.ts does with a real binary: the sandbox of the system, custom schemes as
 * Chromium knows them, streamed answers of a protocol, redirects, downloads, accelerators and native menus, a keychain
 * of the system, storage apart for each partition, native modules in Electron's own Node, files inside an archive,
 * several displays.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { windowPage } from '../helpers/electron-double/person.ts';
import { startDouble } from '../helpers/electron-double/start-double.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { describeDesktop } from './desktop-spec.ts';

describeDesktop('over the double', startDouble);

test('without a keyring no key is kept until the person says how, and no page is told it either', async () => {
  const data_dir = tempDir();
  const desktop = await startDouble({ data_dir, settings: { secrets: 'basic_text' } });
  onTestFinished(() => desktop.kill());
  const page = await windowPage(desktop);
  const connect = (keep: string): Promise<unknown> =>
    page.evaluate(
      `memoir.call('providers.connect', { provider: 'openai', api_key: 'sk-canary-9Xw2', ${keep} })`,
    );
  expect(await connect('')).toMatchObject({
    ok: false,
    error: { code: 'unsupported', details: { choices: ['session', 'passphrase', 'unprotected'] } },
  });
  expect(existsSync(join(data_dir, 'keys.json'))).toBe(false);
  const kept = await connect("keep: { kind: 'unprotected' }");
  expect(kept).toMatchObject({ ok: true, output: { source: 'unprotected', connected: true } });
  expect(JSON.stringify(kept)).not.toContain('sk-canary');
  expect(readFileSync(join(data_dir, 'keys.json'), 'utf8')).toContain('sk-canary-9Xw2');
});
