import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSources, ROOT, type SourceFile } from '../helpers/sources.ts';

// The styles of all pages are in the window at once: a name that one page gives a look reaches every other.
const SHARED: Readonly<Record<string, readonly string[]>> = {
  frame: ['dot', 'head', 'toast'],
  branches: ['trash-head'],
  troubles: ['line-trouble'],
  transfer: ['strip'],
};

type Styles = { readonly view: string; readonly text: string };

/** Names a page styles for itself alone that something outside of it bears, too. */
function reachingOut({ view, text }: Styles, sources: readonly SourceFile[]): string[] {
  const rules = [...text.replaceAll(/\/\*[\s\S]*?\*\//g, '').matchAll(/([^{}]+)\{/g)];
  const selectors = rules.flatMap(([, list = '']) => list.split(','));
  const names = new Set(selectors.flatMap((selector) => /^\s*\.([\w-]+)\s*$/.exec(selector)?.[1] ?? []));
  return [...names]
    .filter((name) => SHARED[view]?.includes(name) !== true)
    .flatMap((name) =>
      sources
        .filter(
          ({ path, text: source }) => !path.startsWith(`renderer/views/${view}/`) && bears(source, name),
        )
        .map(({ path }) => `${view}: .${name} in ${path}`),
    );
}

function bears(source: string, name: string): boolean {
  const classes = [...source.matchAll(/className=(?:"|\{`)([^"`]*)/g)];
  return classes.some(([, list = '']) => list.split(/\s+/).includes(name));
}

function readStyles(): Styles[] {
  const views = join(ROOT, 'renderer/views');
  return readdirSync(views, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.css'))
    .map((path) => ({ view: path.split(/[\\/]/)[0] ?? '', text: readFileSync(join(views, path), 'utf8') }));
}

const sources = readSources('renderer');

test('the styles of a page reach no other page', () => {
  const styles = readStyles();
  expect(styles.length).toBeGreaterThan(7);
  expect(styles.flatMap((each) => reachingOut(each, sources))).toEqual([]);
});

test('a name of the talk that a page styles is found', () => {
  const planted = {
    view: 'activity',
    text: '/* .x */ .row { gap: 0 } @media print { .turn, .own { color: red } }',
  };
  const found = reachingOut(planted, sources);
  expect(found).toContain('activity: .turn in renderer/views/chat/talk-rows.tsx');
  expect(found.some((each) => each.startsWith('activity: .own'))).toBe(false);
});
