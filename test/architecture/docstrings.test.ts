import { describe, expect, test } from 'vitest';
import { readSources, type SourceFile } from '../helpers/sources.ts';

const DECLARATION =
  /^(export )?(?:declare )?(?:abstract )?(?:async )?(?:function\*?|const|let|class|interface|type|enum) +(\w+)/;

interface Exports {
  readonly names: ReadonlySet<string>;
  readonly documented: ReadonlySet<string>;
}

/** Exported names of a file; one is documented when a declaration of it directly follows a docstring with words in it. */
function exportsOf({ text }: SourceFile): Exports {
  const lines = text.split('\n');
  const names = new Set(listedExports(text));
  const documented = new Set<string>();
  for (const [index, line] of lines.entries()) {
    const [, exported, name] = DECLARATION.exec(line) ?? [];
    if (name === undefined) continue;
    if (exported !== undefined) names.add(name);
    if (hasDocstring(lines, index)) documented.add(name);
  }
  return { names, documented };
}

/** Local names of `export { a, b as c }`; re-exports are documented where they come from. */
function listedExports(text: string): string[] {
  return [...text.matchAll(/^export (?:type )?\{([^}]*)\}(?! from)/gm)]
    .flatMap(([, list = '']) => list.split(','))
    .map((item) =>
      item
        .trim()
        .replace(/^type /, '')
        .replace(/ as .*/, ''),
    )
    .filter((name) => name !== '');
}

function hasDocstring(lines: readonly string[], index: number): boolean {
  const end = index - 1;
  if (lines[end]?.trimEnd().endsWith('*/') !== true) return false;
  let start = end;
  while (start > 0 && !lines[start]?.trimStart().startsWith('/*')) start -= 1;
  const comment = lines.slice(start, index).join(' ').trim();
  return comment.startsWith('/**') && /[A-Za-z]{2}/.test(comment);
}

/** A type inferred from a schema is documented there. */
const INFERRED = /^export type (\w+) = z\.(?:infer|input|output)<typeof (\w+)>;/gm;

function undocumented(file: SourceFile): string[] {
  const { names, documented } = exportsOf(file);
  const schemas = new Map(
    [...file.text.matchAll(INFERRED)].map(([, name = '', schema = '']) => [name, schema]),
  );
  return [...names]
    .filter((name) => !documented.has(name) && !documented.has(schemas.get(name) ?? ''))
    .map((name) => `${file.path}: ${name}`);
}

const files = ['shared', 'electron'].flatMap(readSources);

describe('docstrings', () => {
  test('every export of shared/ and electron/ has one', () => {
    expect(files.flatMap(undocumented)).toEqual([]);
  });

  test('the check sees the exports of both folders', () => {
    for (const folder of ['shared/', 'electron/']) {
      const seen = files.filter(({ path }) => path.startsWith(folder));
      expect(seen.flatMap((file) => [...exportsOf(file).names]).length, folder).toBeGreaterThan(5);
    }
  });

  test.each([
    'export function bare(): void {}',
    'export async function bare() {}',
    'export const bare = 1;',
    'export type bare = string;',
    'export interface bare {}',
    'export abstract class bare {}',
    '// A line comment is no docstring.\nexport const bare = 1;',
    '/* Nor is this. */\nexport const bare = 1;',
    '/** */\nexport const bare = 1;',
    '/** Says something, but not about it. */\n\nexport const bare = 1;',
    'const bare = 1;\nexport { bare };',
    'const block = z.object({});\nexport type bare = z.infer<typeof block>;',
  ])('a planted violation is found: %s', (text) => {
    expect(undocumented({ path: 'shared/planted.ts', text })).toEqual(['shared/planted.ts: bare']);
  });

  test.each([
    '/** The limit, in characters. */\nexport const limit = 1;',
    '/**\n * The limit.\n */\nexport const limit = 1;',
    '/** A block. */\nexport const Block = z.object({});\nexport type Block = z.infer<typeof Block>;',
    '/** A block. */\nexport const block = z.object({});\nexport type Block = z.infer<typeof block>;',
    "export { limit } from './limit.ts';",
  ])('a documented export passes: %s', (text) => {
    expect(undocumented({ path: 'shared/planted.ts', text })).toEqual([]);
  });
});
