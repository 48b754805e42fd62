/** The catalogue in every language: the same names, the same values, the same forms, and nothing left in English. */
import { afterEach, describe, expect, test } from 'vitest';
import { de } from '../../renderer/messages/de.ts';
import { en } from '../../renderer/messages/en.ts';
import type { Entry } from '../../renderer/messages/entry.ts';
import { accented, mirrored } from '../../renderer/messages/pseudo.ts';
import { languageAsked, screenLanguageOf } from '../../renderer/messages/screen-language.ts';
import { formatNumber, setLanguage, t } from '../../renderer/messages/t.ts';
import { dayName, exactTime, shortTime } from '../../renderer/messages/time.ts';
import { createPreferencesStore } from '../../renderer/state/preferences.ts';
import { chooseLanguage } from '../../shared/languages.ts';

type Texts = Readonly<Record<string, Entry>>;

/** What is the same in both languages: names, units, words German took over, and what the built-in model is told. */
const SAME = new Set(
  `app nav.chat toast.seconds failure.version settings.ofApp settings.name import.name agents.newName
  agents.starter.blank.name archive.version history.version archive.filters chat.system chat.view.chat
  chat.percent tool.ms tool.seconds change.json change.plus change.minus composer.system composer.escape
  meter.system block.count import.size.mb settings.theme.system settings.language.system settings.backup.at
  import.agent.what welcome.sample.name welcome.sample.correct welcome.sample.like welcome.sample.file
  welcome.sample.know connect.provider.state context.col.cache branch.ofShort activity.agent activity.day
  activity.seconds activity.json.hidden review.window review.by.system`.split(/\s+/u),
);

function formsOf(entry: Entry): Readonly<Record<string, string>> {
  return typeof entry === 'string' ? { text: entry } : entry;
}

function namesIn(text: string): string[] {
  return (text.match(/\{\w+\}/gu) ?? []).toSorted();
}

/** Where a translation does not match the English texts: a name, a plural form or a value. */
function faultsOf(translated: Texts, texts: Texts = en): string[] {
  const names = new Set([...Object.keys(texts), ...Object.keys(translated)]);
  return [...names].flatMap((key) => {
    const [theirs, ours] = [translated[key], texts[key]];
    if (theirs === undefined || ours === undefined) return [`${key}: in one language only`];
    const [there, here] = [formsOf(theirs), formsOf(ours)];
    return [...new Set([...Object.keys(here), ...Object.keys(there)])].flatMap((form) => {
      const [their_form, our_form] = [there[form], here[form]];
      if (their_form === undefined || our_form === undefined) return [`${key}: form ${form}`];
      return namesIn(their_form).join(' ') === namesIn(our_form).join(' ')
        ? []
        : [`${key}: values of ${form}`];
    });
  });
}

/** Texts that are word for word the English ones. */
function leftovers(translated: Texts, texts: Texts = en): string[] {
  return Object.keys(texts).filter(
    (key) => JSON.stringify(translated[key]) === JSON.stringify(texts[key]) && !SAME.has(key),
  );
}

afterEach(() => setLanguage('en'));

describe('German', () => {
  test('has each text of the English catalogue with its values and plural forms', () => {
    expect(Object.keys(en).length).toBeGreaterThan(500);
    expect(faultsOf(de)).toEqual([]);
  });

  test('has nothing left in English', () => {
    expect(leftovers(de)).toEqual([]);
    const known: Texts = en;
    expect([...SAME].filter((key) => known[key] === undefined)).toEqual([]);
  });

  test('says du', () => {
    const formal = Object.entries(de).filter(([, entry]) =>
      Object.values(formsOf(entry)).some((text) =>
        /\b(?:Ihnen|Ihre?[mnrs]?)\b|\bSie (?:können|haben)\b/u.test(text),
      ),
    );
    expect(formal).toEqual([]);
  });
});

test('the checks find a missing name, value and form, and a text that was not translated', () => {
  const texts = { a: 'Hello {name}', b: { one: '{count} thing', other: '{count} things' }, c: 'Word' };
  const translated = { a: 'Hallo', b: '{count} Dinge', d: 'Mehr', c: 'Word' };
  expect(faultsOf(translated, texts)).toEqual([
    'a: values of text',
    'b: form one',
    'b: form other',
    'b: form text',
    'd: in one language only',
  ]);
  expect(leftovers(translated, texts)).toEqual(['c']);
});

describe('a text', () => {
  test('follows the language, with its numbers and its plural form', () => {
    setLanguage('de');
    expect(t('nav.settings')).toBe('Einstellungen');
    expect(t('archive.count', { count: 1 })).toBe('1 Eintrag');
    expect(t('archive.count', { count: 2603 })).toBe('2.603 Einträge');
    expect(formatNumber(1234.5)).toBe('1.234,5');
    setLanguage('en');
    expect(t('archive.count', { count: 2603 })).toBe('2,603 entries');
  });

  test('takes a value as it is: no name, no nesting and no markup in it is read', () => {
    for (const name of ['{count}', '$t(nav.chat)', '<b>&amp;</b>', '$&', '']) {
      expect(t('composer.placeholder', { name })).toBe(`Message ${name}`);
    }
    expect(t('composer.placeholder')).toBe('Message {name}');
  });

  test('has a form for each number of a language with more forms than English', () => {
    setLanguage('ar-XB');
    for (const count of [0, 1, 2, 3, 11, 100]) expect(t('archive.count', { count })).toContain('\u202e');
  });
});

describe('dates', () => {
  test('follow the language', () => {
    const at = '2026-03-09T13:05:00Z';
    const later = Date.parse('2026-11-20T12:00:00Z');
    setLanguage('de');
    expect(shortTime(at, later)).toBe('9. März');
    expect(exactTime(at)).toContain('Montag, 9. März 2026');
    expect(dayName(at, Date.parse(at))).toBe('Heute, Montag, 9. März');
    setLanguage('en');
    expect(shortTime(at, later)).toBe('9 Mar');
    expect(dayName(at, Date.parse(at))).toBe('Today, Monday 9 March');
  });
});

describe('a pseudo-locale', () => {
  test('of accents is two fifths longer, in brackets, and keeps its values', () => {
    const text = 'Move the entry {name} to the trash';
    expect(accented(text)).toMatch(/^\[Mövé thé éñtrý \{name\} tö thé tråšh( ëñ)+\]$/u);
    expect(accented(text).length).toBeGreaterThan(text.length * 1.35);
  });

  test('from right to left turns its words around and keeps its values', () => {
    expect(mirrored('Move {name}')).toBe('\u200f\u202eMove\u202c\u200f {name}');
  });
});

describe('the language of a window', () => {
  test('is the first one spoken of those the computer prefers, else English', () => {
    expect(chooseLanguage(['fr-FR', 'de-AT', 'en'])).toBe('de');
    expect(chooseLanguage(['DE_ch'])).toBe('de');
    expect(chooseLanguage(['fr'])).toBe('en');
    expect(chooseLanguage([])).toBe('en');
    expect(screenLanguageOf('system', ['de'])).toBe('de');
    expect(screenLanguageOf('en', ['de'])).toBe('en');
  });

  test('may be asked for by the address; a name that is none is not heard', () => {
    expect(languageAsked('?lang=en-XA')).toBe('en-XA');
    expect(languageAsked('?lang=tlh')).toBeNull();
    expect(languageAsked('')).toBeNull();
  });

  test('changes at once with the choice, together with the language and direction of the page', () => {
    const root = { dataset: {}, lang: '', dir: '' } as unknown as HTMLElement;
    const kept = new Map([['memoir.preferences', '{"language":"xx","theme":"dark"}']]);
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    } as Storage;
    const host = { storage, root, systemLanguages: ['de-DE', 'en'], askedLanguage: null };
    const store = createPreferencesStore(host);
    expect([root.lang, root.dir, t('close')]).toEqual(['de', 'ltr', 'Schließen']);
    const heard: string[] = [];
    store.subscribe(() => heard.push(t('close')));
    store.getState().change({ language: 'en' });
    expect(heard).toEqual(['Close']);
    expect(createPreferencesStore(host).getState().language).toBe('en');
    createPreferencesStore({ ...host, askedLanguage: 'ar-XB' });
    expect([root.lang, root.dir]).toEqual(['ar-XB', 'rtl']);
    expect(JSON.parse(kept.get('memoir.preferences') ?? '')).toMatchObject({ language: 'en', theme: 'dark' });
  });
});
