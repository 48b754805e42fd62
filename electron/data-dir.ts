import { homedir } from 'node:os';
import { join } from 'node:path';

/** The one data folder of desktop and headless alike: `MEMOIR_DATA`, else the system's place for app data. */
export function defaultDataDir(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): string {
  const chosen = env['MEMOIR_DATA'];
  if (chosen !== undefined && chosen !== '') return chosen;
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Memoir');
  if (platform === 'win32') return join(env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'Memoir');
  return join(env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'memoir');
}
