import { randomBytes } from 'node:crypto';

/** Sends a page of Memoir, in the window as in a browser: with these headers it may load and run its own files only. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'nonce-NONCE'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'none'",
  "media-src 'none'",
  "frame-src 'none'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** A number used once: whoever knows it may add a style to the page it was made for. */
export function makeNonce(): string {
  return randomBytes(18).toString('base64');
}

/** Content security policy of a page whose styles carry `nonce`. Models and the web are reached by the backend alone. */
export function contentPolicy(nonce: string): string {
  return POLICY.replace('NONCE', nonce);
}

/** Headers of every page and file of the ADE: what it may load, that types are not guessed, that others keep out. */
export function secureHeaders(nonce: string): Record<string, string> {
  return {
    'content-security-policy': contentPolicy(nonce),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  };
}

/** Tells a page its nonce, in an element the page reads it from: scripts and styles alone can not. */
export function withNonce(html: string, nonce: string): string {
  return html.replace(/<head[^>]*>/i, (head) => `${head}<meta property="csp-nonce" nonce="${nonce}" />`);
}
