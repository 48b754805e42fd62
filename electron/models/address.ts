import { AppError } from '../../shared/errors.ts';
import type { ProviderPreset } from './preset.ts';

/**
 * Checks the address of a provider as a person gave it and brings it into the form used: without a slash or the name of
 * a method at its end. Throws `invalid_input` for one that holds a name or key, and for one that would carry a key
 * through the open network readable.
 */
export function checkAddress(text: string, preset: ProviderPreset, with_key: boolean): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw refuse('An address of models begins with https:// or http://, as in http://127.0.0.1:11434/v1.');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw refuse('An address holds no key, name or question mark; a key has a field of its own.');
  }
  if (with_key && url.protocol === 'http:' && !isNear(url.hostname)) {
    throw refuse(`Over http:// anybody on the way to ${url.hostname} could read the key. Use https://.`);
  }
  return tidyAddress(text, preset);
}

/** The form in which addresses are used. A bare one gets the `/v1` the API lives under, where that is so everywhere. */
export function tidyAddress(text: string, { is_local, api }: ProviderPreset): string {
  const url = text.trim().replace(/\/+(?:(?:chat\/completions|models|messages)\/*)?$/u, '');
  return (is_local || api === 'anthropic') && /^https?:\/\/[^/]+$/u.test(url) ? `${url}/v1` : url;
}

/** An address without the name, password, question or mark in it, which no message may repeat and no request can send. */
export function bareAddress(text: string): string {
  return text.replace(/^(https?:\/\/)[^/?#]*@/iu, '$1').replace(/[?#].*$/su, '');
}

/** Whether an address is on this computer. */
export function isLoopback(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { hostname } = new URL(address);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/u.test(hostname);
}

function isNear(hostname: string): boolean {
  return (
    isLoopback(`http://${hostname}`) ||
    /^[^.:]+$/u.test(hostname) ||
    /\.(?:local|lan|internal|home\.arpa)$/u.test(hostname) ||
    /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)[\d.]+$/u.test(
      hostname,
    ) ||
    /^\[f[cde]/u.test(hostname)
  );
}

function refuse(text: string): AppError {
  return new AppError('invalid_input', `${text} Nothing was kept.`);
}
