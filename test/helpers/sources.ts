/** The project's sources as text, for tests that check the tree itself. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project folder. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A source file; `path` is relative to the project and has forward slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Every .ts and .tsx file below a top-level folder. */
export function readSources(folder: string): SourceFile[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => posix.join(folder, name.replaceAll('\\', '/')))
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
}

const IMPORTS = [
  /(?:^|[;}\s])(?:import|export)\s[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/g,
  /(?:^|;)\s*import\s*['"]([^'"\n]+)['"]/gm,
  /\b(?:import|require|import\.meta\.resolve)\s*\(\s*['"`]([^'"`]+)['"`]/g,
  /\bnew URL\(\s*['"](\.[^'"]+\.tsx?)['"]\s*,\s*import\.meta\.url/g,
];

/**
 * What a file imports: static, type-only, re-exported, dynamic, required, and workers by URL.
 * Relative ones come back as project paths, packages by their name, Node's own with `node:`.
 */
export function importsOf({ path, text }: SourceFile): string[] {
  const code = text.replaceAll(/^\s*\/\*[\s\S]*?\*\//gm, '').replaceAll(/^\s*\/\/.*$/gm, '');
  return IMPORTS.flatMap((pattern) => [...code.matchAll(pattern)].map((match) => match[1] ?? ''))
    .map((name) => name.split('?', 1)[0] ?? '')
    .map((name) => (name.startsWith('.') ? posix.join(posix.dirname(path), name) : packageName(name)));
}

function packageName(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier;
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}
