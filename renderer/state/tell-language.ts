import type { StoreApi } from 'zustand';
import type { Bridge } from '../../shared/client.ts';
import { type LanguageChoice, isLanguageChoice } from '../../shared/languages.ts';
import type { ShellMethod } from '../../shared/shell.ts';
import type { PreferencesState } from './preferences.ts';

const METHOD: ShellMethod = 'shell.set_language';

/** Tells the shell which language was chosen, now and when it changes; its menu follows. In a browser there is none. */
export function tellLanguage(bridge: Bridge | undefined, preferences: StoreApi<PreferencesState>): void {
  if (bridge === undefined) return;
  let told: LanguageChoice | null = null;
  const tell = ({ language: choice }: PreferencesState): void => {
    // A pseudo-locale is made of English texts.
    const language = isLanguageChoice(choice) ? choice : 'en';
    if (language === told) return;
    told = language;
    void bridge.call(METHOD, { language });
  };
  tell(preferences.getState());
  preferences.subscribe(tell);
}
