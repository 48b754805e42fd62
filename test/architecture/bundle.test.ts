import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importsOf, readSources, ROOT } from '../helpers/sources.ts';

/** Scripts of a folder of out/, as one text. */
function readBundle(folder: string): string {
  const path = join(ROOT, 'out', folder);
  if (!existsSync(path)) throw new Error(`out/${folder} is missing: run "npm run build" first.`);
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.c?js$/.test(name))
    .map((name) => readFileSync(join(path, name), 'utf8'))
    .join('\n');
}

/** Every zod schema carries a property of this name, which no minifier may rename. */
const hasZod = (bundle: string): boolean => /\b_zod\b/.test(bundle);

const importsElectron = (bundle: string): boolean =>
  /(?:from|import|require)\s*\(?\s*["'`]electron["'`]/.test(bundle);

const MAY_IMPORT_ELECTRON = /^electron\/(?:shell\/|main\.ts$|preload\.ts$)/;

describe('the bundles', () => {
  test('the renderer carries no zod: it takes types and names from the contract', () => {
    const renderer = readBundle('renderer');
    expect(renderer.length).toBeGreaterThan(100_000);
    expect(hasZod(renderer)).toBe(false);
  });

  test('the same check finds zod in the server bundle, where it belongs', () => {
    expect(hasZod(readBundle('server'))).toBe(true);
  });

  test('the server bundle runs without Electron', () => {
    expect(importsElectron(readBundle('server'))).toBe(false);
  });

  test("a start of the server does not read the agent files' code", () => {
    const entry = readFileSync(join(ROOT, 'out/server/server.cjs'), 'utf8');
    const late = /\bfunction importAgentFile\b/;
    expect(readBundle('server')).toMatch(late);
    expect(entry).not.toMatch(late);
  });

  test('the preload is one script: in its sandbox it can load no other', () => {
    const scripts = readdirSync(join(ROOT, 'out/preload')).filter((name) => /\.c?js$/.test(name));
    expect(scripts).toEqual(['preload.cjs']);
  });

  test('only the shell, main and preload import Electron', () => {
    const files = readSources('electron').filter(({ path }) => !MAY_IMPORT_ELECTRON.test(path));
    expect(files.length).toBeGreaterThan(5);
    expect(files.filter((file) => importsOf(file).includes('electron')).map(({ path }) => path)).toEqual([]);
  });

  test.each(['import{app as e}from"electron";', 'const e=require("electron")', "await import('electron')"])(
    'a planted import of Electron is found: %s',
    (planted) => {
      expect(importsElectron(planted)).toBe(true);
    },
  );
});
