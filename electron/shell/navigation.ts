import type { WebContents } from 'electron';
import type { OpenLink } from './external-links.ts';
import { isOwnPage } from './own-page.ts';

/**
 * Keeps a page where it is: it leads nowhere but to our own pages, opens no window and embeds no other. An address
 * outside is offered to the person instead, when the page itself led there.
 */
export function limitNavigation(contents: WebContents, openLink: OpenLink): void {
  const offer = (address: string): void => void openLink(address, 'text');
  contents.on('will-navigate', (event) => {
    if (isOwnPage(event.url)) return;
    event.preventDefault();
    offer(event.url);
  });
  // Other frames do not exist; none may come to be by being led somewhere.
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame) event.preventDefault();
  });
  contents.on('will-redirect', (event) => {
    if (!isOwnPage(event.url)) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    offer(url);
    return { action: 'deny' };
  });
}
