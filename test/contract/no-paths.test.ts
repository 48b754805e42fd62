/** R17 and E15: nobody names a file of this computer by a call, and only connecting a provider names an address. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { contract } from '../../shared/contract/index.ts';

type Shape = { readonly properties?: Record<string, Shape> } & Record<string, unknown>;

/** Every name of a field at any depth of what a method takes, but of the objects a caller may fill as it likes. */
function fieldsOf(shape: unknown): string[] {
  if (Array.isArray(shape)) return shape.flatMap(fieldsOf);
  if (typeof shape !== 'object' || shape === null) return [];
  const { properties = {}, ...rest } = shape as Shape;
  return [
    ...Object.keys(properties),
    ...Object.values(properties).flatMap(fieldsOf),
    ...fieldsOf(Object.values(rest)),
  ];
}

const PATH = /path|folder|director|(?:^|_)dir(?:$|_)|file_?name|(?:^|_)uri(?:$|_)/i;
const ADDRESS = /url|address|host|origin/i;

function methodsWith(pattern: RegExp): string[] {
  return Object.entries(contract)
    .filter(([, { input }]) =>
      fieldsOf(z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' })).some((name) =>
        pattern.test(name),
      ),
    )
    .map(([name]) => name);
}

describe('what methods take', () => {
  test('is no path', () => expect(methodsWith(PATH)).toEqual([]));

  test('is an address where a provider is connected or tried, and nowhere else', () => {
    expect(methodsWith(ADDRESS).toSorted()).toEqual(['providers.connect', 'providers.test']);
  });

  test.each([
    [z.object({ a: z.array(z.object({ file_path: z.string() })) }), PATH],
    [z.union([z.object({ x: z.string() }), z.object({ save_dir: z.string() })]), PATH],
    [z.object({ options: z.object({ base_url: z.string().optional() }).optional() }), ADDRESS],
  ])('a planted one is found at any depth', (input, pattern) => {
    expect(fieldsOf(z.toJSONSchema(input, { io: 'input' })).some((name) => pattern.test(name))).toBe(true);
  });

  test('every method is looked at', () => {
    expect(methodsWith(/_id$|^text$|^name$|^label$/).length).toBeGreaterThan(20);
  });
});
