/**
 * Stands in for the Electron binary: `node run.ts <app folder> [switches]` runs the app's production bundles unchanged,
 * with `electron` resolved to the double. Needs the settings of settings.ts in the environment.
 */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { obeyTest } from './control.ts';
import type { ElectronModule } from './desktop.ts';

const double = new URL('electron.ts', import.meta.url).href;
const folder = resolve(process.argv[2] ?? '.');

// Electron's own shape: the binary, the app's folder, the switches.
process.argv = [process.execPath, folder, ...process.argv.slice(3)];
Object.assign(process.versions, { electron: '45.3.4', chrome: '153.0.0' });
Object.assign(process, { type: 'browser', defaultApp: true, resourcesPath: join(folder, '..') });
// Electron warns and goes on; the test reads what is printed.
process.on('unhandledRejection', (reason) => {
  process.stderr.write(
    `Unhandled rejection: ${reason instanceof Error ? String(reason.stack) : String(reason)}\n`,
  );
});

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' || specifier === 'electron/main'
      ? { url: double, format: 'module-typescript', shortCircuit: true }
      : next(specifier, context),
});

const electron = await import('./electron.ts');
const { app } = electron;
// Does not compile once the double exports a name that Electron does not have.
const modelled: [Exclude<keyof typeof electron, keyof ElectronModule>] extends [never]
  ? typeof electron
  : never = electron;
// As in Electron on Linux and macOS.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => app.quit());
// When the test is gone, nobody would end this app, nor read what it prints. Its browser ends with it.
const endWithTest = (): never => process.exit(1);
process.on('disconnect', endWithTest);
process.stdout.on('error', endWithTest);
process.stderr.on('error', endWithTest);
// The channel alone keeps no app alive, so that one that waits for itself ends.
process.channel?.unref();

const { main } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { main: string };
await import(pathToFileURL(join(folder, main)).href);
if (!app.isEnding()) {
  obeyTest(modelled);
  app.becomeReady();
}
