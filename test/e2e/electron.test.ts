/** The window with a real Electron binary. Skips, visibly, where there is none; the hosted workflow requires it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { _electron } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { tempDir } from '../helpers/temp-dir.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const binary = findBinary();

if (binary === null) {
  const cure = 'run `node node_modules/electron/install.js` where GitHub can be reached';
  if (process.env['MEMOIR_REQUIRE_ELECTRON'] === '1')
    throw new Error(`There is no Electron binary: ${cure}.`);
  process.stderr.write(`Skipped: there is no Electron binary (${cure}).\n`);
}

test.skipIf(binary === null)('the desktop window talks and remembers across a restart', async () => {
  const env = { ...process.env, MEMOIR_DATA: tempDir() } as Record<string, string>;
  const open = (): ReturnType<typeof _electron.launch> =>
    _electron.launch({ executablePath: binary ?? '', args: [ROOT, '--no-sandbox'], env });

  const first = await open();
  onTestFinished(() => first.close());
  const page = await first.firstWindow();
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill('Hi, my name is Kit');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  const human = page.getByRole('region', { name: 'Block human' });
  await expect.poll(() => human.textContent()).toContain('Kit');
  expect(await page.evaluate('typeof require')).toBe('undefined');
  await first.close();

  const second = await open();
  onTestFinished(() => second.close());
  const again = (await second.firstWindow()).getByRole('region', { name: 'Block human' });
  await expect.poll(() => again.textContent()).toContain('Kit');
});

function findBinary(): string | null {
  const folder = join(ROOT, 'node_modules', 'electron');
  const named = join(folder, 'path.txt');
  if (!existsSync(named)) return null;
  const path = join(folder, 'dist', readFileSync(named, 'utf8').trim());
  return existsSync(path) ? path : null;
}
