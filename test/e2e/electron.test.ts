/** The desktop app with a real Electron binary. Skips, visibly, where there is none; the hosted workflow requires it. */
import { describe } from 'vitest';
import { findElectron, startRealWith } from '../helpers/electron-double/start-real.ts';
import { describeDesktop } from './desktop-spec.ts';

const binary = findElectron(process.env);

if (binary === null) {
  const cure = 'run `node node_modules/electron/install.js` where GitHub can be reached';
  if (process.env['MEMOIR_REQUIRE_ELECTRON'] === '1')
    throw new Error(`There is no Electron binary: ${cure}.`);
  process.stderr.write(`Skipped: there is no Electron binary (${cure}).\n`);
}

describe.skipIf(binary === null)('a real binary', () => {
  describeDesktop('in Electron', startRealWith(binary ?? ''));
});
