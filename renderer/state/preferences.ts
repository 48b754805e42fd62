import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  directionOf,
  isScreenLanguageChoice,
  type ScreenLanguageChoice,
  screenLanguageOf,
} from '../messages/screen-language.ts';
import { setLanguage } from '../messages/t.ts';

/** How this window looks; kept in the browser's storage of this computer. */
export type PreferenceValues = {
  /** `system` follows the computer. */
  readonly theme: 'system' | 'light' | 'dark';
  /** `system` follows the computer. */
  readonly language: ScreenLanguageChoice;
  readonly view: 'chat' | 'steps' | 'raw';
  readonly left_open: boolean;
  readonly right_open: boolean;
  /** Step of the tour, from 1; 0 when it was skipped or is over. */
  readonly tour_step: number;
  /** The notice that only the demo model answers was put away. */
  readonly demo_notice_hidden: boolean;
  readonly last_agent_id: string | null;
  readonly last_conversation_id: string | null;
};

/** The preferences and how to change them. */
export type PreferencesState = PreferenceValues & {
  readonly change: (values: Partial<PreferenceValues>) => void;
};

/** Number of steps of the tour. */
export const TOUR_STEPS = 4;

const KEY = 'memoir.preferences';

const DEFAULTS: PreferenceValues = {
  theme: 'system',
  language: 'system',
  view: 'chat',
  left_open: true,
  right_open: true,
  tour_step: 1,
  demo_notice_hidden: false,
  last_agent_id: null,
  last_conversation_id: null,
};

/** What the preferences act on, and what they follow where nothing was chosen. */
export type PreferencesHost = {
  /** `null` when the browser forbids one: then they last as long as the window, as they do with a full one. */
  readonly storage: Storage | null;
  /** The element of the page: theme, language and direction of writing are set on it. */
  readonly root: HTMLElement;
  /** Tags of the languages the system prefers, best first. */
  readonly systemLanguages: readonly string[];
  /** Language the address of the page asks for, before what was kept. */
  readonly askedLanguage: ScreenLanguageChoice | null;
};

/** Makes the store of the preferences; a value that cannot be read falls back to its default. */
export function createPreferencesStore(host: PreferencesHost): StoreApi<PreferencesState> {
  const values = { ...DEFAULTS, ...read(host.storage) };
  const language =
    host.askedLanguage ?? (isScreenLanguageChoice(values.language) ? values.language : 'system');
  apply(host, { ...values, language });
  return createStore<PreferencesState>()((set, get) => ({
    ...values,
    language,
    change: (changed) => {
      const { change: _action, ...known } = get();
      const kept = { ...known, ...changed };
      // Whoever hears of the change draws its texts in the new language at once.
      apply(host, kept);
      set(changed);
      write(host.storage, kept);
    },
  }));
}

function apply({ root, systemLanguages }: PreferencesHost, values: PreferenceValues): void {
  applyTheme(root, values.theme);
  const language = screenLanguageOf(values.language, systemLanguages);
  setLanguage(language);
  root.lang = language;
  root.dir = directionOf(language);
}

function applyTheme(root: HTMLElement, theme: PreferenceValues['theme']): void {
  if (theme === 'system') delete root.dataset['theme'];
  else root.dataset['theme'] = theme;
}

function write(storage: Storage | null, values: PreferenceValues): void {
  try {
    storage?.setItem(KEY, JSON.stringify(values));
  } catch {
    // Full or forbidden storage must not stop anyone from working: what was chosen lasts as long as the window.
  }
}

function read(storage: Storage | null): Partial<PreferenceValues> {
  try {
    const value: unknown = JSON.parse(storage?.getItem(KEY) ?? '{}');
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    // Damaged or forbidden preferences are worth nothing: the defaults take their place.
    return {};
  }
}
