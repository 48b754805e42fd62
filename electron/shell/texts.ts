import type { Language } from '../../shared/languages.ts';
import { de } from './texts/de.ts';
import { en } from './texts/en.ts';

/** Every text of the shell, by its name; a value stands in braces. */
export type ShellTexts = { readonly [Name in keyof typeof en]: string };

const TEXTS: Readonly<Record<Language, ShellTexts>> = { en, de };

/** The texts of a language. */
export function shellTexts(language: Language): ShellTexts {
  return TEXTS[language];
}

/** A text with its values; what stands in a value is not read again. */
export function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
