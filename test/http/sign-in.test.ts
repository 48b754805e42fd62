import { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import { answerSignIn, wantedLanguages } from '../../electron/http/sign-in.ts';

async function pageFor(header: string | null): Promise<Response> {
  const app = new Hono();
  app.get('/', answerSignIn);
  return app.request('/', { headers: header === null ? {} : { 'accept-language': header } });
}

describe('the page that asks for the token', () => {
  test.each([
    ['de-CH,de;q=0.9,en;q=0.8', 'de', 'Bei Memoir anmelden'],
    ['fr,en;q=0.5,de;q=0.7', 'de', 'Anmelden'],
    ['en-US,de;q=0.9', 'en', 'Sign in to Memoir'],
    ['de;q=0,*', 'en', 'Sign in'],
    ['fr', 'en', 'Sign in'],
    [null, 'en', 'Sign in'],
  ])('is for %j in %s', async (header, language, text) => {
    const page = await pageFor(header);
    const html = await page.text();
    expect(html).toContain(`<html lang="${language}"`);
    expect(html).toContain(text);
    expect(html).not.toContain('undefined');
    expect(page.headers.get('vary')).toBe('accept-language');
  });
});

test('languages are read best first, and nonsense is none', () => {
  expect(wantedLanguages('a;q=0.1, b, c ; q=0.5')).toEqual(['b', 'c', 'a']);
  expect(wantedLanguages('a;q=x')).toEqual([]);
  expect(wantedLanguages(`${'x,'.repeat(10_000)}de`)).toHaveLength(20);
});
