import { createInstance, type i18n, type Resource, type ResourceLanguage } from 'i18next';
import { de } from './de.ts';
import { en } from './en.ts';
import type { Entry } from './entry.ts';
import { accented, mirrored } from './pseudo.ts';
import type { ScreenLanguage } from './screen-language.ts';

/** The catalogue of every language. Nothing is fetched and nothing is evaluated: all texts are part of the bundle. */
export function createCatalogue(): i18n {
  const catalogue = createInstance();
  void catalogue.init({
    lng: 'en',
    fallbackLng: 'en',
    // Everything is at hand, so that the first text is asked for at once.
    initAsync: false,
    resources: { en: resource('en', en), de: resource('de', de) } satisfies Resource,
    // Names of messages hold dots.
    keySeparator: false,
    nsSeparator: false,
    contextSeparator: '',
    interpolation: { prefix: '{', suffix: '}', escapeValue: false, skipOnVariables: true },
    missingInterpolationHandler: (_text, [whole]: readonly string[]) => whole,
  });
  return catalogue;
}

/** Makes a language the one texts are in; a pseudo-locale is made of the English texts when it is first asked for. */
export function speak(catalogue: i18n, language: ScreenLanguage): void {
  if (!catalogue.hasResourceBundle(language, 'translation')) {
    const change = language === 'ar-XB' ? mirrored : accented;
    catalogue.addResourceBundle(language, 'translation', resource(language, en, change)['translation']);
  }
  void catalogue.changeLanguage(language);
}

/** The texts as the library wants them: one for each plural form that the language has. */
function resource(
  language: ScreenLanguage,
  texts: Readonly<Record<string, Entry>>,
  change: (text: string) => string = (text) => text,
): ResourceLanguage {
  const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  const pairs = Object.entries(texts).flatMap(([key, entry]) =>
    typeof entry === 'string'
      ? [[key, change(entry)] as const]
      : forms.map((form) => [`${key}_${form}`, change(form === 'one' ? entry.one : entry.other)] as const),
  );
  return { translation: Object.fromEntries(pairs) };
}
