/** Streamed lines, windows of the browser and of the desktop app, one after the other; fails when any misses its aim. */
import { print } from './figures.ts';

print('An answer streamed');
await import('./streamed-lines.ts');
print('A window of the browser opened');
await import('./window-open.ts');
print('A window of the desktop app opened');
await import('./desktop-open.ts');
