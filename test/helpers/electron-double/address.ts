/** Chromium knows no custom schemes, so `memoir://app/x` travels as `https://app.memoir.double/x`. */
const SUFFIX = '.double';
const BROWSERS_OWN = new Set(['http:', 'https:', 'data:', 'blob:', 'about:', 'javascript:', 'chrome-error:']);

/** The address the browser is given for one of the app. */
export function toBrowser(address: string): string {
  const { protocol, host, pathname, search, hash } = new URL(address);
  if (BROWSERS_OWN.has(protocol)) return address;
  return `https://${host}.${protocol.slice(0, -1)}${SUFFIX}${pathname}${search}${hash}`;
}

/** The address the app sees for one of the browser. */
export function fromBrowser(address: string): string {
  if (!URL.canParse(address)) return address;
  const { protocol, hostname, pathname, search, hash } = new URL(address);
  if (protocol !== 'https:' || !hostname.endsWith(SUFFIX)) return address;
  const labels = hostname.slice(0, -SUFFIX.length).split('.');
  const scheme = labels.pop() ?? '';
  return `${scheme}://${labels.join('.')}${pathname}${search}${hash}`;
}

/** The origin as Electron tells it; a custom scheme has one although `URL` says "null". */
export function originOf(address: string): string {
  if (!URL.canParse(address)) return 'null';
  const { origin, protocol, host } = new URL(address);
  return origin === 'null' && host !== '' ? `${protocol}//${host}` : origin;
}
