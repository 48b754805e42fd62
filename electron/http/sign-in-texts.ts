import type { Language } from '../../shared/languages.ts';

/** What the sign-in page says. */
export type SignInTexts = {
  readonly title: string;
  /** Stands before the command that prints the token. */
  readonly before: string;
  /** Stands after it, with its own blank or comma. */
  readonly after: string;
  readonly token: string;
  readonly sign_in: string;
  /** Where the token is another one. */
  readonly wrong: string;
  /** Where nothing answers. */
  readonly silent: string;
};

const TEXTS: Readonly<Record<Language, SignInTexts>> = {
  en: {
    title: 'Sign in to Memoir',
    before: 'This Memoir asks for its token. Whoever runs it finds the token with',
    after: ', or in the variable it was started with.',
    token: 'Token',
    sign_in: 'Sign in',
    wrong: 'That is not the token. Copy it whole and try again.',
    silent: 'Memoir does not answer. Try again when it runs.',
  },
  de: {
    title: 'Bei Memoir anmelden',
    before: 'Dieses Memoir fragt nach seinem Token. Wer es betreibt, findet das Token mit',
    after: ' oder in der Variable, mit der es gestartet wurde.',
    token: 'Token',
    sign_in: 'Anmelden',
    wrong: 'Das ist nicht das Token. Kopiere es ganz und versuche es noch einmal.',
    silent: 'Memoir antwortet nicht. Versuche es noch einmal, wenn es läuft.',
  },
};

/** The texts of a language. */
export function signInTexts(language: Language): SignInTexts {
  return TEXTS[language];
}
