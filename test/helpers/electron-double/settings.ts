/**
 * Where `safeStorage` finds its key: a keychain; one whose key was changed; the fixed password of Linux without a
 * keyring; nowhere; a keychain that fails when asked.
 */
export type SecretsBackend = 'keychain' | 'rotated' | 'basic_text' | 'unavailable' | 'throwing';

/** What a test chooses about the system the double pretends to be. */
export type DoubleSettings = {
  readonly chromium_path: string;
  readonly secrets: SecretsBackend;
  /** What `app.isPackaged` says. */
  readonly packaged: boolean;
};

/** The variable that carries the settings; the app under test does not see it. */
export const SETTINGS_VARIABLE = 'MEMOIR_ELECTRON_DOUBLE';

/** Takes the settings out of the environment. */
export function takeSettings(env: NodeJS.ProcessEnv): DoubleSettings {
  const text = env[SETTINGS_VARIABLE];
  if (text === undefined) throw new Error(`The double needs ${SETTINGS_VARIABLE}.`);
  delete env[SETTINGS_VARIABLE];
  return JSON.parse(text) as DoubleSettings;
}
