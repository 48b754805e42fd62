import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { AppError } from '../../shared/errors.ts';
import { chooseLanguage, isLanguageChoice, type LanguageChoice } from '../../shared/languages.ts';
import { type ShellTexts, shellTexts } from './texts.ts';

/** The language of the shell: the one chosen on the settings page, else that of the system. */
export type ShellLanguage = {
  /** The texts to show now. */
  readonly texts: () => ShellTexts;
  /**
   * Takes the choice of a page (`{ language }`) and keeps it for the next start; says whether it is another one. Throws
   * `invalid_input`.
   */
  readonly choose: (input: unknown) => boolean;
};

/** What the language needs. */
export type LanguageOptions = {
  /** File that keeps the choice. */
  readonly file: string;
  /** The system's language as an IETF tag; empty before the app is ready. */
  readonly systemLanguage: () => string;
  readonly log: (line: string) => void;
};

/** Reads the choice of the last time; `system` when nothing readable was kept. */
export function openShellLanguage({ file, systemLanguage, log }: LanguageOptions): ShellLanguage {
  let choice = read(file);
  return {
    texts: () => shellTexts(choice === 'system' ? chooseLanguage([systemLanguage()]) : choice),
    choose: (input) => {
      const chosen =
        typeof input === 'object' && input !== null && 'language' in input ? input.language : null;
      if (!isLanguageChoice(chosen)) {
        throw new AppError('invalid_input', 'Memoir does not speak this language. Nothing was changed.');
      }
      if (chosen === choice) return false;
      choice = chosen;
      keep(file, chosen, log);
      return true;
    },
  };
}

function read(file: string): LanguageChoice {
  try {
    const kept: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isLanguageChoice(kept) ? kept : 'system';
  } catch {
    // Not kept yet, or damaged: the system's language is what most want.
    return 'system';
  }
}

function keep(file: string, choice: LanguageChoice, log: (line: string) => void): void {
  try {
    writeFileSync(`${file}.new`, JSON.stringify(choice));
    renameSync(`${file}.new`, file);
  } catch (error) {
    log(`The language was not kept: ${String(error)}`);
  }
}
