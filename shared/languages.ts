/** Languages Memoir speaks, the reference first. */
export const LANGUAGES = ['en', 'de'] as const;

/** One of {@link LANGUAGES}, as an IETF tag. */
export type Language = (typeof LANGUAGES)[number];

/** What a person may choose: a language, or `system` for that of the computer. */
export type LanguageChoice = Language | 'system';

/** The first language we speak among those wanted, best first, as IETF tags (`de-AT` is `de`); English otherwise. */
export function chooseLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const primary = tag.trim().toLowerCase().split(/[-_]/)[0];
    const spoken = LANGUAGES.find((language) => language === primary);
    if (spoken !== undefined) return spoken;
  }
  return 'en';
}

/** Whether a value from outside is something a person may choose. */
export function isLanguageChoice(value: unknown): value is LanguageChoice {
  return value === 'system' || LANGUAGES.some((language) => language === value);
}
