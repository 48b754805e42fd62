import { createCatalogue, speak } from './catalogue.ts';
import type { en } from './en.ts';
import { FORMAT_LOCALES, type ScreenLanguage } from './screen-language.ts';

/** Name of a message in the catalogue. */
export type MessageKey = keyof typeof en;

/** Values for the `{names}` in a message; `count` also chooses between its plural forms. */
export type MessageVars = Readonly<Record<string, string | number>>;

// The one thing a window has outside its stores: every text asks for it, also those that no component draws.
const CATALOGUE = createCatalogue();
const NUMBERS = new Map<string, Intl.NumberFormat>();

/** Makes a language that of every text from now on; who draws texts has to draw them again. */
export function setLanguage(language: ScreenLanguage): void {
  speak(CATALOGUE, language);
}

/** Locale that dates and numbers follow now. */
export function formatLocale(): string {
  return FORMAT_LOCALES[CATALOGUE.language as ScreenLanguage];
}

/**
 * The text of a message in the language of the window, with its values filled in. A name without a value stays as it is
 * written; what stands in a value is never read as a name.
 */
export function t(key: MessageKey, vars: MessageVars = {}): string {
  const words = Object.fromEntries(
    Object.entries(vars).map(([name, value]) => [
      name,
      typeof value === 'number' ? formatNumber(value) : value,
    ]),
  );
  return CATALOGUE.t(key, { count: Number(vars['count'] ?? 0), replace: words, nest: false });
}

/** A number with its thousands separated, as people read it. */
export function formatNumber(value: number): string {
  const locale = formatLocale();
  const format = NUMBERS.get(locale) ?? new Intl.NumberFormat(locale);
  NUMBERS.set(locale, format);
  return format.format(value);
}
