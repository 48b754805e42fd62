/** E4, E20: permissions and requests of every session. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isLoadable, isPermitted, lockSession, lockUiSession } from '../../electron/shell/session-policy.ts';
import { ROOT } from '../helpers/sources.ts';

/** Every permission of the Electron this was checked with; a new one has to be thought about here. */
const KNOWN =
  `ar automatic-fullscreen background-fetch background-sync captured-surface-control clipboard-read
  clipboard-sanitized-write deprecated-sync-clipboard-read display-capture fileSystem fullscreen geolocation
  geolocation-approximate hand-tracking hid idle-detection keyboardLock local-fonts local-network
  local-network-access loopback-network media mediaKeySystem midi midiSysex nfc notifications openExternal
  payment-handler periodic-background-sync persistent-storage pointerLock screen-wake-lock sensors serial
  smart-card speaker-selection storage-access system-wake-lock top-level-storage-access usb vr
  web-app-installation web-printing window-management unknown`.split(/\s+/);

const types = readFileSync(join(ROOT, 'node_modules/electron/electron.d.ts'), 'utf8');

function namesOf(method: string): string[] {
  const line = types.split('\n').find((each) => each.includes(`    ${method}(handler:`)) ?? '';
  const union = /permission: ((?:'[^']+'(?: \| )?)+)/.exec(line)?.[1] ?? '';
  return [...union.matchAll(/'([^']+)'/g)].map(([, name]) => name ?? '');
}

type Handlers = {
  request: (
    contents: unknown,
    permission: string,
    callback: (given: boolean) => void,
    details: object,
  ) => void;
  check: (contents: unknown, permission: string, origin: string) => boolean;
  device: () => boolean;
  media: (request: unknown, callback: (streams: unknown) => void) => void;
  before: (details: { url: string }, callback: (answer: { cancel: boolean }) => void) => void;
};

function locked(lock: (session: never) => void): Handlers {
  const handlers: Partial<Handlers> = {};
  const session = {
    setPermissionRequestHandler: (handler: Handlers['request']) => (handlers.request = handler),
    setPermissionCheckHandler: (handler: Handlers['check']) => (handlers.check = handler),
    setDevicePermissionHandler: (handler: Handlers['device']) => (handlers.device = handler),
    setDisplayMediaRequestHandler: (handler: Handlers['media']) => (handlers.media = handler),
    webRequest: { onBeforeRequest: (handler: Handlers['before']) => (handlers.before = handler) },
  };
  lock(session as never);
  return handlers as Handlers;
}

function given(handlers: Handlers, permission: string, url: string, isMainFrame = true): boolean[] {
  const answers: boolean[] = [handlers.check(null, permission, url)];
  handlers.request({}, permission, (answer) => answers.push(answer), { requestingUrl: url, isMainFrame });
  return answers;
}

describe('permissions', () => {
  test.each(['setPermissionRequestHandler', 'setPermissionCheckHandler'])(
    'the list of %s in this Electron is the one that was thought about',
    (method) => expect(namesOf(method).toSorted()).toEqual(KNOWN.toSorted()),
  );

  test.each(KNOWN)('%s is refused, to our own page too unless it is writing to the clipboard', (name) => {
    const handlers = locked(lockSession);
    const isOurs = name === 'clipboard-sanitized-write';
    expect(given(handlers, name, 'memoir://app/index.html')).toEqual([isOurs, isOurs]);
    for (const url of [
      'https://evil.example/',
      'memoir://app.evil/',
      'memoir://other/',
      'file:///etc/passwd',
      'null',
      '',
    ]) {
      expect(given(handlers, name, url), url).toEqual([false, false]);
    }
  });

  test('a frame inside our page gets none, and no page gets a device or the screen', () => {
    const handlers = locked(lockSession);
    expect(given(handlers, 'clipboard-sanitized-write', 'memoir://app/', false)[1]).toBe(false);
    expect(handlers.device()).toBe(false);
    const streams: unknown[] = [];
    handlers.media({}, (each) => streams.push(each));
    expect(streams).toEqual([null]);
  });

  test('a permission nobody knows is refused', () =>
    expect(isPermitted('teleport', 'memoir://app/')).toBe(false));
});

describe('requests', () => {
  const cancelled = (handlers: Handlers, url: string): boolean => {
    const answers: boolean[] = [];
    handlers.before({ url }, ({ cancel }) => answers.push(cancel));
    return answers[0] ?? false;
  };

  test.each([
    ['memoir://app/index.html', true],
    ['memoir://app/assets/a.js', true],
    ['blob:memoir://app/3c5d', true],
    ['data:image/png;base64,AAAA', true],
    ['memoir://other/index.html', false],
    ['memoir://app.evil.example/', false],
    ['blob:https://evil.example/3c5d', false],
    ['https://evil.example/', false],
    ['http://127.0.0.1:8283/v1/agents', false],
    ['ws://127.0.0.1/', false],
    ['file:///etc/passwd', false],
    ['ftp://evil.example/', false],
    ['chrome-extension://abc/x.js', false],
    ['devtools://devtools/bundled/x.html', false],
    ['', false],
  ])('a window of the packaged app loads %j: %j', (url, loads) => {
    expect(isLoadable(url, true)).toBe(loads);
    expect(
      cancelled(
        locked((session) => lockUiSession(session, true)),
        url,
      ),
    ).toBe(!loads);
  });

  test('the developer tools load in development', () =>
    expect(isLoadable('devtools://devtools/bundled/x.html', false)).toBe(true));

  test('any other session loads nothing at all', () => {
    const handlers = locked(lockSession);
    expect(
      ['memoir://app/', 'https://evil.example/', 'data:,'].map((url) => cancelled(handlers, url)),
    ).toEqual([true, true, true]);
  });
});
