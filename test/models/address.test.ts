/** Where a key may be sent readable, and what counts as this computer. */
import { describe, expect, test } from 'vitest';
import { checkAddress, isLoopback } from '../../electron/models/address.ts';
import { findProvider } from '../../electron/models/presets.ts';
import type { ProviderPreset } from '../../electron/models/preset.ts';

const openai = findProvider('openai') as ProviderPreset;

describe('a key over http://', () => {
  test.each([
    'http://127.0.0.1:11434/v1',
    'http://localhost:1234/v1',
    'http://[::1]/v1',
    'http://10.0.0.5/v1',
    'http://172.16.0.1/v1',
    'http://192.168.1.5:8000/v1',
    'http://100.64.0.1/v1',
    'http://gpu/v1',
    'http://gpu.local/v1',
    'http://gpu.lan/v1',
    'http://[fd00::5]/v1',
    'http://[fe80::5]/v1',
  ])('goes to %s, which is near', (address) => {
    expect(checkAddress(address, openai, true)).toBe(address);
  });

  test.each([
    'http://example.com/v1',
    'http://8.8.8.8/v1',
    'http://134744072/v1',
    'http://0x08080808/v1',
    'http://172.32.0.1/v1',
    'http://100.128.0.1/v1',
    'http://10.0.0.5.example.com/v1',
    'http://127.0.0.1.example.com/v1',
    'http://local.example/v1',
    'http://[2001:db8::1]/v1',
    'http://[2606:4700:4700::1111]/v1',
    'http://[::ffff:8.8.8.8]/v1',
    'http://[64:ff9b::808:808]/v1',
  ])('goes not to %s: anybody on the way could read it', (address) => {
    expect(() => checkAddress(address, openai, true)).toThrow(/Use https:\/\//u);
    expect(() => checkAddress(address, openai, false)).not.toThrow();
  });
});

test.each([
  ['http://127.8.9.1/', true],
  ['http://2130706433/', true],
  ['http://0x7f.1/', true],
  ['http://localhost:11434/v1', true],
  ['http://[::1]:8080/', true],
  ['http://localhost.example/', false],
  ['http://127.0.0.1.example/', false],
  ['http://127.0.0.1@example.com/', false],
  ['http://example.com#127.0.0.1', false],
  ['http://0.0.0.0/', false],
  ['http://169.254.169.254/', false],
  ['127.0.0.1', false],
])('%s is on this computer: %j', (address, expected) => expect(isLoopback(address)).toBe(expected));
