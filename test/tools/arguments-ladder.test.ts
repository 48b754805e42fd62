import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkArguments, parseArguments } from '../../electron/tools/arguments.ts';

const parameters = {
  type: 'object',
  properties: {
    label: { type: 'string' },
    content: { type: 'string' },
    tags: { type: 'array', items: { type: 'string' } },
    limit: { type: 'integer' },
  },
  required: ['label', 'content'],
};
const read = (raw: string, is_whole = true) => parseArguments('write', raw, parameters, is_whole);
const good = { label: 'human', content: 'x' };

describe('what is mended', () => {
  test.each([
    ['a fence', '```json\n{"label":"human","content":"x"}\n```', good, ['removed the code fence']],
    ['a bare fence', '```\n{"label":"human","content":"x"}```', good, ['removed the code fence']],
    [
      'trailing commas',
      '{"label":"human","content":"x","tags":["a","b",],}',
      { ...good, tags: ['a', 'b'] },
      ['removed a comma before a closing bracket'],
    ],
    [
      'raw line breaks and tabs',
      '{"label":"human","content":"one\n\ttwo\r\nthree"}',
      { label: 'human', content: 'one\n\ttwo\r\nthree' },
      ['escaped line breaks inside of a text'],
    ],
    ['a missing bracket', '{"label":"human","content":"x"', good, ['added the missing }']],
    [
      'missing brackets',
      '{"label":"human","content":"x","tags":["a"',
      { ...good, tags: ['a'] },
      ['added the missing ]}'],
    ],
    [
      'an object twice',
      '{"label":"human","content":"x"}{"label":"human","content":"x"}',
      good,
      ['took the first of several objects'],
    ],
    [
      'a fence, a line break and a comma',
      '```json\n{"label":"human","content":"a\nb",}\n```',
      { label: 'human', content: 'a\nb' },
      [
        'removed the code fence',
        'escaped line breaks inside of a text',
        'removed a comma before a closing bracket',
      ],
    ],
  ])('%s', (_name, raw, args, repairs) => {
    expect(read(raw)).toEqual({ ok: true, args, repairs });
  });
});

describe('what is told to the model instead, with its own text', () => {
  test.each([
    ['cut inside of a text', '{"label":"human","content":"half of', 'they end inside of a text'],
    ['cut behind a key', '{"label":"human","content"', 'not one JSON object'],
    [
      'cut behind a number, which may be half',
      '{"label":"human","content":"x","limit":1',
      'they end inside of a value',
    ],
    ['a fence around a cut', '```json\n{"label":"human","content":"x",\n```', 'they end inside of a value'],
    ['cut behind a comma', '{"label":"human","content":"x",', 'they end inside of a value'],
    ['text around it', 'Sure: {"label":"human","content":"x"}', 'not one JSON object'],
    ['text behind it', '{"label":"human","content":"x"} done', 'there is text behind the object'],
    ['an empty object in front', '{}{"label":"human","content":"x"}', 'the first empty'],
    ['half an object in front', '{"label":"human"}{"content":"x"}', '"content" is missing'],
    ['an escape JSON does not have', '{"label":"human","content":"\\sum"}', 'not one JSON object'],
    ['single quotes', "{'label':'human','content':'x'}", 'not one JSON object'],
    ['a value of the wrong type after mending', '{"label":"human","content":5,}', '"content" must be a text'],
  ])('%s', (_name, raw, reason) => {
    const parsed = read(raw);
    expect(parsed).toEqual({
      ok: false,
      message: expect.stringContaining(reason) as string,
      problem: expect.stringContaining(reason) as string,
    });
    expect(parsed.ok ? '' : parsed.message).toContain(`They read: ${raw}`);
  });

  test('whatever lacks its end when the answer was cut', () => {
    expect(read('{"label":"human","content":"x"', false)).toMatchObject({ ok: false });
    expect(read('{"label":"human","content":"x"}{"la', false)).toMatchObject({ ok: false });
    expect(read('{"label":"human","content":"x",}', false)).toMatchObject({ ok: true });
  });
});

const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '\\frac{a}{b}',
    '}{',
    '"}{"',
    "$'",
    '</value>',
    '\t12→ ',
    '```',
    ',}',
    '\u202Eabc',
    '{"a":1}{',
  ),
);
const arguments_ = fc.record(
  { label: texts, content: texts, tags: fc.array(texts, { maxLength: 3 }), limit: fc.integer() },
  { requiredKeys: ['label', 'content'] },
);

describe('for any arguments', () => {
  test('whole ones are read exactly, LaTeX and braces in texts included', () => {
    fc.assert(
      fc.property(arguments_, (args) => {
        expect(read(JSON.stringify(args))).toEqual({ ok: true, args, repairs: [] });
        expect(checkArguments('write', args, parameters)).toEqual({ ok: true, args, repairs: [] });
      }),
    );
  });

  test('a fence, raw line breaks and a trailing comma change nothing about them', () => {
    fc.assert(
      fc.property(arguments_, (args) => {
        const raw = JSON.stringify(args)
          .replace(/\}$/u, ',}')
          .replaceAll(/(?<!\\)((?:\\\\)*)\\n/gu, '$1\n');
        expect(read(`\`\`\`json\n${raw}\n\`\`\``)).toMatchObject({ ok: true, args });
      }),
    );
  });

  test('any cut of them is never run when the answer was cut', () => {
    fc.assert(
      fc.property(arguments_, fc.nat(), (args, at) => {
        const raw = JSON.stringify(args);
        expect(read(raw.slice(0, at % raw.length) || '{', false).ok).toBe(false);
      }),
    );
  });

  test('a cut that is run all the same has only values that are whole', () => {
    fc.assert(
      fc.property(arguments_, fc.nat(), (args, at) => {
        const raw = JSON.stringify(args);
        const parsed = read(raw.slice(0, at % raw.length) || '{');
        const { tags = [], ...rest } = (parsed.ok ? parsed.args : {}) as Partial<typeof args>;
        expect(args).toMatchObject(rest);
        expect(args.tags?.slice(0, tags.length) ?? []).toEqual(tags);
      }),
    );
  });

  test('two behind each other are the first, or nothing', () => {
    fc.assert(
      fc.property(arguments_, arguments_, (first, second) => {
        expect(read(JSON.stringify(first) + JSON.stringify(second))).toMatchObject({ ok: true, args: first });
      }),
    );
  });

  test('any text at all is read or refused, never thrown over', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('{', '}', '[', ']', '"', ',', ':', '\\', '\n', '\t', ' ', 'a', '1', '`', '-'),
          maxLength: 60,
        }),
        (raw) => {
          expect(typeof read(raw).ok).toBe('boolean');
        },
      ),
      { numRuns: 1000 },
    );
  });
});
