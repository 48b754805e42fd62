import { chooseLanguage, LANGUAGES, type Language } from '../../shared/languages.ts';

/** Languages made of the English texts to prove the layout: longer ones, and ones from right to left. Not in any menu. */
const PSEUDO_LANGUAGES = ['en-XA', 'ar-XB'] as const;

/** What a window can be in. */
export type ScreenLanguage = Language | (typeof PSEUDO_LANGUAGES)[number];

/** What a window can be told to be in; `system` follows the computer. */
export type ScreenLanguageChoice = ScreenLanguage | 'system';

/** Locale that dates and numbers follow. */
export const FORMAT_LOCALES = {
  en: 'en-GB',
  de: 'de-DE',
  'en-XA': 'en-GB',
  'ar-XB': 'ar',
} as const satisfies Record<ScreenLanguage, string>;

/** The language of a choice; `wanted` are the tags the system prefers, best first. */
export function screenLanguageOf(choice: ScreenLanguageChoice, wanted: readonly string[]): ScreenLanguage {
  return choice === 'system' ? chooseLanguage(wanted) : choice;
}

/** Which way a language is written. */
export function directionOf(language: ScreenLanguage): 'ltr' | 'rtl' {
  return language === 'ar-XB' ? 'rtl' : 'ltr';
}

/** The choice that the address of the page (`?lang=de`) asks for, or `null`. */
export function languageAsked(search: string): ScreenLanguageChoice | null {
  const asked = new URLSearchParams(search).get('lang');
  return isScreenLanguageChoice(asked) ? asked : null;
}

/** Whether a value from outside is a choice. */
export function isScreenLanguageChoice(value: unknown): value is ScreenLanguageChoice {
  return ['system', ...LANGUAGES, ...PSEUDO_LANGUAGES].some((choice) => choice === value);
}
