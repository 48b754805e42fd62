/** Draws `resources/icon.png`, of which the icons of all systems are made, from `resources/icon.svg`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchChromium } from '../helpers/chromium.ts';
import { ROOT } from '../helpers/sources.ts';

const SIZE = 1024;

const browser = await launchChromium();
const page = await browser.newPage({ viewport: { width: SIZE, height: SIZE } });
const drawing = readFileSync(join(ROOT, 'resources/icon.svg'), 'utf8');
await page.setContent(`<style>body { margin: 0; }</style>${drawing}`);
await page.screenshot({ path: join(ROOT, 'resources/icon.png'), omitBackground: true });
await browser.close();
