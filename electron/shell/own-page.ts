/** Scheme of the window's pages. */
export const APP_SCHEME = 'memoir';
/** Address of the window's pages; the ADE itself is at its root. */
export const APP_URL = `${APP_SCHEME}://app/`;

/**
 * Whether an address is a page of ours, by its exact origin. The scheme is not one the URL standard knows, so its
 * `origin` is the text "null" for every such address and says nothing.
 */
export function isOwnPage(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, host, username, password } = new URL(address);
  return protocol === `${APP_SCHEME}:` && host === 'app' && username === '' && password === '';
}
