/** E8, E15, E16, E18: what electron-builder.yml says of walls, so that a changed line is seen before anything is packed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../helpers/sources.ts';

const config = readFileSync(join(ROOT, 'electron-builder.yml'), 'utf8').replaceAll(/^\s*#.*$/gm, '');

const SAID: readonly [string, RegExp][] = [
  ['a build nobody signed fails', /^forceCodeSigning: true$/m],
  ['nothing is uploaded, and the app asks nobody for updates', /^publish: null$/m],
  ['the natives alone lie beside the archive', /^asarUnpack:\n {2}- '\*\*\/\*\.node'\n(?! )/m],
  ['an agent file is only looked at', /^ {4}role: Viewer$/m],
  ['the app starts with no switch', /^ {2}executableArgs: \[\]$/m],
  ['the app of macOS is hardened', /^ {2}hardenedRuntime: true$/m],
];

test.each(SAID)('%s', (_what, line) => {
  expect(config).toMatch(line);
  expect(config.replace(line, '')).not.toMatch(line);
});

test.each([
  ['runAsNode', false],
  ['enableCookieEncryption', true],
  ['enableNodeOptionsEnvironmentVariable', false],
  ['enableNodeCliInspectArguments', false],
  ['enableEmbeddedAsarIntegrityValidation', true],
  ['onlyLoadAppFromAsar', true],
  ['loadBrowserProcessSpecificV8Snapshot', false],
  ['grantFileProtocolExtraPrivileges', false],
])('the fuse %s is %j', (name, value) => {
  expect(config).toMatch(new RegExp(`^electronFuses:\\n(?: +.*\\n)*? {2}${name}: ${value}$`, 'm'));
});

test.each([
  ['an address of its own that pages could open it by', /^\s*protocols:/m],
  [
    'a check that is switched off',
    /verifyUpdateCodeSignature:\s*false|strictVerify:\s*false|forceCodeSigning:\s*false/,
  ],
  ['a start without a sandbox', /no-sandbox/],
  ['a hook that runs code', /^\s*(?:before|after)\w+:/m],
])('it says nothing of %s', (_what, line) => expect(config).not.toMatch(line));
