/** The language of the shell: whose word counts, what is kept, and the texts themselves. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openShellLanguage, type ShellLanguage } from '../../electron/shell/language.ts';
import { filled, shellTexts } from '../../electron/shell/texts.ts';
import { tempDir } from '../helpers/temp-dir.ts';

function opened(file: string, system = 'en-GB', logged: string[] = []): ShellLanguage {
  return openShellLanguage({ file, systemLanguage: () => system, log: (line) => logged.push(line) });
}

describe('the language of the shell', () => {
  test('is that of the system until one is chosen, and the chosen one at the next start', () => {
    const file = join(tempDir(), 'language.json');
    const first = opened(file, 'de-AT');
    expect(first.texts()).toBe(shellTexts('de'));
    expect(first.choose({ language: 'en' })).toBe(true);
    expect(first.choose({ language: 'en' })).toBe(false);
    expect(first.texts()).toBe(shellTexts('en'));
    const second = opened(file, 'de-AT');
    expect(second.texts()).toBe(shellTexts('en'));
    expect(second.choose({ language: 'system' })).toBe(true);
    expect(opened(file, 'de-AT').texts()).toBe(shellTexts('de'));
  });

  test('stays what it was when it is asked for something else', () => {
    const file = join(tempDir(), 'language.json');
    const language = opened(file, 'de');
    for (const input of [
      undefined,
      null,
      'en',
      {},
      { language: 7 },
      { language: 'en-XA' },
      { language: null },
    ]) {
      expect(() => language.choose(input)).toThrow('does not speak');
    }
    expect(language.texts()).toBe(shellTexts('de'));
  });

  test('survives a damaged file, and one that can not be written', () => {
    const file = join(tempDir(), 'language.json');
    writeFileSync(file, '"tlh"');
    expect(opened(file, 'de').texts()).toBe(shellTexts('de'));
    writeFileSync(file, '{');
    const logged: string[] = [];
    mkdirSync(`${file}.new`);
    const language = opened(file, 'de', logged);
    language.choose({ language: 'en' });
    expect(language.texts()).toBe(shellTexts('en'));
    expect(logged).toEqual([expect.stringContaining('The language was not kept')]);
    expect(readFileSync(file, 'utf8')).toBe('{');
  });
});

describe('the texts of the shell', () => {
  test('are German in German, with the values of the English ones', () => {
    const [english, german] = [Object.entries(shellTexts('en')), shellTexts('de')];
    expect(english.length).toBeGreaterThan(50);
    const values = (text: string): string[] => (text.match(/\{\w+\}/gu) ?? []).toSorted();
    for (const [name, text] of english) {
      expect(values(german[name as keyof typeof german]), name).toEqual(values(text));
    }
    const same = english.filter(([name, text]) => german[name as keyof typeof german] === text);
    expect(same.map(([name]) => name)).toEqual(['menu.chat', 'dialog.ok']);
  });

  test('take a value as it is', () => {
    expect(filled('{shown} öffnen?', { shown: '$& {shown}' })).toBe('$& {shown} öffnen?');
    expect(filled('{shown}', {})).toBe('{shown}');
  });
});
