import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'electron';

/** The names `app.getPath` knows. */
export type PathName = Parameters<App['getPath']>[0];

/** Where the system and the app keep things, as on Linux. */
export class AppPaths {
  readonly #chosen = new Map<string, string>();
  readonly #userData: string | undefined;

  /** `userData` is that of `--user-data-dir`. */
  constructor(userData: string | undefined) {
    this.#userData = userData;
  }

  set(name: string, path: string): void {
    this.#chosen.set(name, path);
  }

  /** Throws for names the double does not model. */
  get(name: PathName, appName: string): string {
    const path = this.#chosen.get(name) ?? this.#usual(name, appName);
    if (path === undefined) throw new Error(`Failed to get '${name}' path: the double does not model it`);
    return path;
  }

  #usual(name: PathName, appName: string): string | undefined {
    const appData = (): string => this.get('appData', appName);
    const userData = (): string => this.get('userData', appName);
    const usual: Partial<Record<PathName, () => string>> = {
      home: homedir,
      temp: tmpdir,
      exe: () => process.execPath,
      appData: () => process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'),
      userData: () => this.#userData ?? join(appData(), appName),
      sessionData: userData,
      logs: () => join(userData(), 'logs'),
      crashDumps: () => join(userData(), 'Crashpad'),
      desktop: () => join(homedir(), 'Desktop'),
      documents: () => join(homedir(), 'Documents'),
      downloads: () => join(homedir(), 'Downloads'),
    };
    return usual[name]?.();
  }
}
