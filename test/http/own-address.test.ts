import { describe, expect, test } from 'vitest';
import {
  isLoopback,
  isOwnHost,
  readAllowedHosts,
  readAllowedOrigins,
} from '../../electron/http/own-address.ts';

test.each(['127.0.0.1', '127.8.9.10', 'localhost', '::1', '[::1]'])('%s is loopback', (host) => {
  expect(isLoopback(host)).toBe(true);
});

test.each([
  '0.0.0.0',
  '::',
  '',
  '192.168.1.5',
  '127.evil.example',
  '127.0.0.1.evil.example',
  '128.0.0.1',
  'localhost.',
])('"%s" is not loopback', (host) => {
  expect(isLoopback(host)).toBe(false);
});

describe('a host name', () => {
  const own = (asked: string, host: string, allowedHosts: readonly string[] = []): boolean =>
    isOwnHost(asked, { host, allowedHosts }, 8283);

  test.each(['127.0.0.1:8283', 'localhost:8283', '[::1]:8283'])('%s is always own', (asked) => {
    expect([own(asked, '127.0.0.1'), own(asked, '0.0.0.0'), own(asked, '192.168.1.5')]).toEqual([
      true,
      true,
      true,
    ]);
  });

  test.each(['192.168.1.5:8283', '[fd00::5]:8283', '203.0.113.9:8283'])(
    '%s is own beyond loopback only: an address can not be rebound',
    (asked) => {
      expect([own(asked, '127.0.0.1'), own(asked, '0.0.0.0')]).toEqual([false, true]);
    },
  );

  test.each([
    '',
    ':8283',
    'evil.example:8283',
    'localhost.:8283',
    'a.localhost:8283',
    '127.0.0.1.evil.example:8283',
    '127.1:8283',
    '0x7f000001:8283',
    '2130706433:8283',
    '127.0.0.1:8283@evil.example',
    'evil.example#127.0.0.1:8283',
    '[::1:8283',
    '127.0.0.1:8283, evil.example',
    '127.0.0.1:08283x',
  ])('"%s" is never own', (asked) => {
    expect([own(asked, '127.0.0.1'), own(asked, '0.0.0.0')]).toEqual([false, false]);
  });

  test('is own when it is the one the server listens on, or declared: with a port for that one, without for all', () => {
    expect([own('nas.example:8283', 'nas.example'), own('nas.example:9', 'nas.example')]).toEqual([
      true,
      false,
    ]);
    const declared = readAllowedHosts('Memoir.Example, 127.0.0.1:9000');
    expect(declared).toEqual(['memoir.example', '127.0.0.1:9000']);
    const asked = [
      'memoir.example',
      'memoir.example:443',
      '127.0.0.1:9000',
      '127.0.0.1:9001',
      'x.memoir.example',
    ];
    expect(asked.map((each) => own(each, '127.0.0.1', declared))).toEqual([true, true, true, false, false]);
  });

  test('without a port is that of port 80', () => {
    expect(isOwnHost('localhost', { host: 'localhost', allowedHosts: [] }, 80)).toBe(true);
    expect(isOwnHost('localhost', { host: 'localhost', allowedHosts: [] }, null)).toBe(false);
  });
});

describe('the settings', () => {
  test.each(['*', 'http://memoir.example', 'a b', 'memoir.example/path', '::1'])(
    '"%s" is no name of a host',
    (text) => {
      expect(() => readAllowedHosts(text)).toThrow('MEMOIR_ALLOWED_HOSTS');
    },
  );

  test.each(['*', 'null', 'app.example', 'https://app.example/path', 'https://*.example', 'file:///'])(
    '"%s" is no origin',
    (text) => {
      expect(() => readAllowedOrigins(text)).toThrow('MEMOIR_ALLOWED_ORIGINS');
    },
  );

  test('origins are read as browsers send them', () => {
    expect(
      readAllowedOrigins(' https://App.example/, http://localhost:3000,,chrome-extension://abc'),
    ).toEqual(['https://app.example', 'http://localhost:3000', 'chrome-extension://abc']);
  });
});
