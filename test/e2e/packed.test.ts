/**
 * The app as it is packed for people: what is in it, its fuses, and its files alone, started under the double. The
 * packer gets a stub in place of Electron, so nothing is fetched. What this can not show: Electron's own reading of an
 * archive, the check of its digest, installers, signatures; the hosted workflow packs with the real one.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { block, eventually, lastAnswer, say } from '../helpers/ade.ts';
import type { Desktop } from '../helpers/electron-double/desktop.ts';
import { chooseMenu, windowPage } from '../helpers/electron-double/person.ts';
import { type DoubleOptions, startDouble } from '../helpers/electron-double/start-double.ts';
import { ROOT } from '../helpers/sources.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { extractAsar, openAsar } from '../pack/asar.ts';
import { FUSE_SENTINEL } from '../pack/fuses.ts';
import { packedAppIn, type PackedApp, packWithStub } from '../pack/pack-app.ts';
import { packedProblems } from '../pack/packed-problems.ts';

const HERE = { platform: process.platform, arch: process.arch };
const NATIVE = `node_modules/better-sqlite3/prebuilds/${HERE.platform}-${HERE.arch}.node`;

// The stub is a Linux program; on the other systems the hosted workflow packs with the real one.
describe.skipIf(process.platform !== 'linux')('the packed app', () => {
  const folder = mkdtempSync(join(tmpdir(), 'memoir-packed-'));
  let app: PackedApp;
  beforeAll(async () => {
    app = await packWithStub(ROOT, folder);
  }, 150_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

  test('holds what the allow list names and nothing else, with its fuses as they have to be', () => {
    expect(packedProblems(ROOT, HERE, app)).toEqual([]);
    const { files } = openAsar(join(app.resources, 'app.asar'));
    expect(files.length).toBeGreaterThan(40);
    expect(
      files.map(({ path }) => path).filter((path) => /\.map$|^test|^docs|node-linux/.test(path)),
    ).toEqual([]);
    expect(readdirSync(join(app.resources, '../locales')).toSorted()).toEqual(['de.pak', 'en-US.pak']);
  });

  test('is refused with a file too many, a file too few, changed bytes or a wrong fuse', () => {
    const planted = (change: (copy: PackedApp) => void): string[] => {
      const copy = copyOf(app);
      change(copy);
      return packedProblems(ROOT, HERE, copy);
    };
    const archive = ({ resources }: PackedApp): string => join(resources, 'app.asar');
    expect(planted((copy) => replaceIn(archive(copy), '"preload.cjs"', '"planted.cjs"'))).toEqual([
      'out/preload/planted.cjs is in the archive, and not allowed there',
      'out/preload/preload.cjs is not in the archive',
    ]);
    expect(planted((copy) => writeFileSync(`${archive(copy)}.unpacked/late.js`, '//'))).toEqual([
      'late.js is beside the archive, and not allowed there',
    ]);
    expect(planted((copy) => cpSync(join(ROOT, 'LICENSE'), `${archive(copy)}.unpacked/${NATIVE}`))).toEqual([
      `${NATIVE} is not what its digest was made from`,
    ]);
    expect(planted((copy) => replaceIn(archive(copy), '"type": "module"', '"type": "cjs!!!"'))).toEqual([
      'package.json is not what its digest was made from',
      'package.json does not make the app an ES module',
    ]);
    const off = Buffer.from('\x01\x0a0').toString();
    expect(
      planted((copy) => replaceIn(copy.program, FUSE_SENTINEL + off, `${FUSE_SENTINEL}\x01\x0a1`)),
    ).toEqual(['the fuse runAsNode is on, not off']);
  });

  test('is not packed at all by a setting the packer does not know', async () => {
    const packing = packWithStub(ROOT, tempDir(), ['-c.electronFusse.runAsNode=true']);
    await expect(packing).rejects.toThrow("unknown property 'electronFusse'");
  });

  describe('with its files alone', () => {
    const appFolder = join(folder, 'extracted', 'app.asar');
    beforeAll(() => extractAsar(join(app.resources, 'app.asar'), appFolder));
    const options = (more: Partial<DoubleOptions> = {}): DoubleOptions => ({
      data_dir: tempDir(),
      app_folder: appFolder,
      ...more,
      settings: { packaged: true },
    });

    test('talks, takes an edit by hand, and has both again after a restart', async () => {
      const started = options();
      const first = await start(started);
      const page = await windowPage(first);
      await say(page, 'Hi, my name is Kit and I like concise answers');
      await eventually(() => block(page, 'human').textContent()).toContain('Kit');
      await edit(page, 'Kit', 'Kestrel');
      await eventually(() => block(page, 'human').textContent()).toContain('Kestrel');
      await chooseMenu(first, ['Memoir', 'Quit Memoir']);
      expect(await first.ended).toBe(0);

      const second = await start(started);
      const again = await windowPage(second);
      await eventually(() => block(again, 'human').textContent()).toContain('Kestrel');
      await say(again, 'What is my name?');
      await eventually(() => lastAnswer(again).textContent()).toContain('Kestrel');
    });

    test('offers no developer tools, neither in the menu nor in a window', async () => {
      const desktop = await start(options());
      await windowPage(desktop);
      await expect(chooseMenu(desktop, ['View', 'Toggle Developer Tools'])).rejects.toThrow('No menu item');
      expect(
        await desktop.evaluate(({ BrowserWindow }) => {
          const contents = BrowserWindow.getAllWindows()[0]?.webContents;
          contents?.openDevTools();
          return contents?.isDevToolsOpened();
        }),
      ).toBe(false);
    });

    test.each(['--remote-debugging-port=0', '--inspect=0'])(
      'ends at once when started with %s',
      async (given) => {
        await expect(startDouble(options({ switches: [given] }))).rejects.toThrow('is refused');
      },
    );

    test('does not start without its native part', async () => {
      const lacking = join(tempDir(), 'app.asar');
      cpSync(appFolder, lacking, { recursive: true });
      rmSync(join(lacking, NATIVE));
      const desktop = await start(options({ app_folder: lacking }));
      const failure = 'The backend did not open: Error: Cannot find module';
      const isTold = await vi.waitUntil(() => desktop.printed().includes(failure), { timeout: 15_000 });
      expect(isTold).toBe(true);
    });
  });
});

async function start(options: DoubleOptions): Promise<Desktop> {
  const desktop = await startDouble(options);
  onTestFinished(() => desktop.kill());
  return desktop;
}

async function edit(page: Page, from: string, to: string): Promise<void> {
  await block(page, 'human').getByRole('button', { name: 'Edit human' }).click();
  const box = page.getByRole('textbox', { name: 'Value of human' });
  await box.fill((await box.inputValue()).replaceAll(from, to));
  await page.getByRole('button', { name: 'Save', exact: true }).click();
}

function copyOf(app: PackedApp): PackedApp {
  const folder = tempDir();
  cpSync(join(app.resources, '..'), folder, { recursive: true });
  return packedAppIn(folder, 'linux');
}

/** Replaces bytes by as many others. */
function replaceIn(file: string, from: string, to: string): void {
  const bytes = readFileSync(file);
  const at = bytes.indexOf(from);
  if (at === -1 || from.length !== to.length) throw new Error(`Nothing can be planted in ${file}.`);
  bytes.write(to, at);
  writeFileSync(file, bytes);
}
