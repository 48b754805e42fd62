import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { countTokens, createTokenCounter } from '../../electron/models/tokens.ts';

const english = readFileSync(new URL('../../LICENSE', import.meta.url), 'utf8');
const source = readFileSync(new URL('../../electron/models/openai.ts', import.meta.url), 'utf8');
const json = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');

describe('the quick estimate', () => {
  const texts: readonly [string, string, number][] = [
    ['English prose', english, 0.15],
    ['source', source, 0.25],
    ['JSON', json, 0.25],
  ];

  it.each(texts)('is near the exact count for %s', async (_, text, tolerance) => {
    const exact = await createTokenCounter().count(text);
    expect(Math.abs(countTokens(text) / exact - 1)).toBeLessThan(tolerance);
  });

  it('is zero for nothing and does not fall short for other scripts', async () => {
    expect(countTokens('')).toBe(0);
    const text = '我喜欢简短的回答。Мне нравятся короткие ответы. 👋';
    expect(countTokens(text)).toBeGreaterThanOrEqual(await createTokenCounter().count(text));
  });
});

it('the exact count takes special tokens for plain text', async () => {
  expect(await createTokenCounter().count('<|endoftext|>')).toBeGreaterThan(1);
});
