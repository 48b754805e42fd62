import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../helpers/sources.ts';

interface LockEntry {
  readonly version?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

type Lock = Readonly<Record<string, LockEntry>>;

const SECTIONS = ['dependencies', 'devDependencies', 'optionalDependencies', 'overrides'] as const;
type Manifest = Partial<Record<(typeof SECTIONS)[number], Record<string, string>>>;

function readJson<T>(name: string): T {
  return JSON.parse(readFileSync(join(ROOT, name), 'utf8')) as T;
}

/** npm drops optional packages its registry lacks and leaves them out of the lock; `npm ci` then fails elsewhere. */
function missingOptional(lock: Lock): string[] {
  const names = new Set(Object.keys(lock).map((path) => path.split('node_modules/').at(-1)));
  return Object.entries(lock).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !names.has(name))
      .map((name) => `${name} of ${path}`),
  );
}

function inexact(manifest: Manifest): string[] {
  return SECTIONS.flatMap((section) => Object.entries(manifest[section] ?? {}))
    .filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))
    .map(([name, version]) => `${name}@${version}`);
}

function withHost(lock: Lock): string[] {
  return Object.entries(lock)
    .filter(([, entry]) => entry.resolved !== undefined && entry.link !== true)
    .map(([path]) => path);
}

function differing(manifest: Manifest, lock: Lock): string[] {
  return SECTIONS.filter((section) => section !== 'overrides')
    .flatMap((section) => Object.entries(manifest[section] ?? {}))
    .filter(([name, version]) => lock[`node_modules/${name}`]?.version !== version)
    .map(([name]) => name);
}

const lock = readJson<{ packages: Lock }>('package-lock.json').packages;
const manifest = readJson<Manifest>('package.json');

describe('the lockfile', () => {
  test('has an entry for every platform package, so that npm ci works on each system', () => {
    expect(Object.keys(lock).length).toBeGreaterThan(300);
    expect(missingOptional(lock)).toEqual([]);
  });

  test('names no registry host', () => {
    expect(withHost(lock)).toEqual([]);
  });

  test('holds what package.json says, which is exact', () => {
    expect(inexact(manifest)).toEqual([]);
    expect(differing(manifest, lock)).toEqual([]);
  });

  test('planted violations are found', () => {
    const planted: Lock = {
      'node_modules/a': { version: '1.0.0', optionalDependencies: { 'a-linux': '1.0.0', 'a-mac': '1.0.0' } },
      'node_modules/a/node_modules/a-linux': { version: '1.0.0', resolved: 'https://registry.example/a.tgz' },
    };
    expect(missingOptional(planted)).toEqual(['a-mac of node_modules/a']);
    expect(withHost(planted)).toEqual(['node_modules/a/node_modules/a-linux']);
    expect(inexact({ dependencies: { a: '^1.0.0', b: '1.0.0' }, devDependencies: { c: 'latest' } })).toEqual([
      'a@^1.0.0',
      'c@latest',
    ]);
    expect(differing({ dependencies: { a: '1.0.1' } }, planted)).toEqual(['a']);
  });
});
