import { isIP } from 'node:net';
import { AppError } from '../../shared/errors.ts';

/** Under which names the server may be asked. */
export type OwnAddress = {
  /** Address the server listens on. */
  readonly host: string;
  /** Further names it is reached by, as `name` (any port, for a proxy) or `name:port`; in lower case. */
  readonly allowedHosts: readonly string[];
};

const HOST = /^(\[[\da-f:.]+\]|[^\s:/?#@[\]]+)(?::(\d{1,5}))?$/;
const HTTP_PORT = 80;

/** Whether an address is reached from this computer alone. */
export function isLoopback(host: string): boolean {
  return ['localhost', '[::1]', '::1'].includes(host) || (isIP(host) === 4 && host.startsWith('127.'));
}

/** Whether a Host header is one of the names a person declared, on any port they left open. */
export function isDeclaredHost(asked: string, { allowedHosts }: OwnAddress): boolean {
  const [, name = ''] = HOST.exec(asked) ?? [];
  return name !== '' && (allowedHosts.includes(name) || allowedHosts.includes(asked));
}

/**
 * Whether a Host header names this server, in lower case, with `port` as the port the request came in by. Loopback names
 * do; where the server listens beyond this computer, so do the name it listens on and every IP address: what DNS can not
 * change. All other names have to be declared, since a page may point any name at this computer (DNS rebinding).
 */
export function isOwnHost(asked: string, address: OwnAddress, port: number | null): boolean {
  if (isDeclaredHost(asked, address)) return true;
  const [, name = '', askedPort = HTTP_PORT] = HOST.exec(asked) ?? [];
  if (name === '' || Number(askedPort) !== port) return false;
  if (isLoopback(name)) return true;
  if (isLoopback(address.host)) return false;
  return name === address.host.toLowerCase() || isIP(name.replace(/^\[|\]$/g, '')) !== 0;
}

/** Reads `MEMOIR_ALLOWED_HOSTS`: names, each with or without a port, between commas. Throws `invalid_input`. */
export function readAllowedHosts(text: string): string[] {
  return readList(text).map((entry) => {
    if (HOST.test(entry.toLowerCase()) && entry !== '*') return entry.toLowerCase();
    throw new AppError(
      'invalid_input',
      `MEMOIR_ALLOWED_HOSTS takes names such as memoir.example or 192.168.1.5:9000, not "${entry}".`,
    );
  });
}

/** Reads `MEMOIR_ALLOWED_ORIGINS`: origins of web pages between commas. `*` is none. Throws `invalid_input`. */
export function readAllowedOrigins(text: string): string[] {
  return readList(text).map((entry) => {
    const origin = URL.canParse(entry) ? new URL(entry).origin : 'null';
    // An extension's page has an origin that `URL` calls opaque; it is taken as it is written.
    const isWritten = origin === entry.replace(/\/$/, '').toLowerCase();
    if (isWritten && origin !== 'null' && !origin.includes('*')) return origin;
    if (/^[a-z][a-z-]*-extension:\/\/[\w-]+$/.test(entry)) return entry;
    throw new AppError(
      'invalid_input',
      `MEMOIR_ALLOWED_ORIGINS takes origins such as https://app.example or http://localhost:3000, not "${entry}".`,
    );
  });
}

function readList(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}
