import { createStore, type StoreApi } from 'zustand/vanilla';

/** How this window looks; kept in the browser's storage of this computer. */
export type PreferenceValues = {
  /** `system` follows the computer. */
  readonly theme: 'system' | 'light' | 'dark';
  readonly view: 'chat' | 'steps' | 'raw';
  readonly left_open: boolean;
  readonly right_open: boolean;
  /** Step of the tour, from 1; 0 when it was skipped or is over. */
  readonly tour_step: number;
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
  view: 'chat',
  left_open: true,
  right_open: true,
  tour_step: 1,
  last_agent_id: null,
  last_conversation_id: null,
};

/**
 * Makes the store of the preferences over a storage; a value that cannot be read falls back to its default. Without a
 * storage, or with a full one, they last as long as the window.
 */
export function createPreferencesStore(
  storage: Storage | null,
  root: HTMLElement,
): StoreApi<PreferencesState> {
  const values = { ...DEFAULTS, ...read(storage) };
  applyTheme(root, values.theme);
  return createStore<PreferencesState>()((set, get) => ({
    ...values,
    change: (changed) => {
      set(changed);
      const { change: _action, ...kept } = get();
      write(storage, kept);
      applyTheme(root, kept.theme);
    },
  }));
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
