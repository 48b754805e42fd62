/** E5, E6: how a page is kept where it is, and the one way out. */
import type { WebContents } from 'electron';
import { describe, expect, test } from 'vitest';
import {
  createLinkGate,
  judgeLink,
  type LinkOrigin,
  type OpenLink,
} from '../../electron/shell/external-links.ts';
import { limitNavigation } from '../../electron/shell/navigation.ts';
import { isOwnPage } from '../../electron/shell/own-page.ts';
import { FakeContents } from './fake-electron.ts';

describe('which addresses may be opened outside', () => {
  test.each([
    ['https://example.org/a?b=c#d', 'example.org'],
    ['http://example.org:8080/', 'example.org:8080'],
    ['HTTPS://EXAMPLE.ORG/', 'example.org'],
    ['https://bücher.example/', 'xn--bcher-kva.example'],
    ['https://аpple.com/', 'xn--pple-43d.com'],
    ['mailto:kit@example.org', 'kit@example.org'],
    ['mailto:kit@example.org?subject=Hi&body=There', 'kit@example.org'],
  ])('%s may, and is shown as %s', (address, shown) => {
    expect(judgeLink(address)).toMatchObject({ ok: true, shown });
  });

  const SCHEMES =
    `file smb ms-msdt ms-officecmd ms-word ms-excel search-ms ms-settings ms-appinstaller calculator
    javascript vbscript data blob about memoir app chrome devtools view-source ftp sftp ssh telnet ldap dict gopher
    nfs afp dav tel sms facetime skype slack zoommtg steam vscode itms jar ws`.split(/\s+/);

  test.each(SCHEMES)('%s: may not', (scheme) => {
    for (const address of [`${scheme}:x`, `${scheme}://evil.example/x`, `${scheme.toUpperCase()}:x`]) {
      expect(judgeLink(address).ok, address).toBe(false);
    }
  });

  test('at least 40 schemes were tried', () => expect(SCHEMES.length).toBeGreaterThanOrEqual(40));

  test.each([
    '',
    'example.org',
    '//evil.example',
    '\\\\evil.example\\share',
    'https:evil.example',
    'https:/evil.example',
    'https:\\\\evil.example',
    'https://good.example\\@evil.example/',
    'https://user:password@example.org/',
    'https://user@example.org/',
    ' https://example.org/',
    'https://example.org/\n',
    'https://exa\tmple.org/',
    'java\nscript:alert(1)',
    'https://example.org/\u0000',
    'https://example.org/\u202egpj.exe',
    'https://exam\u200bple.org/',
    `https://example.org/${'a'.repeat(2048)}`,
    'mailto:kit@example.org?attach=/etc/passwd',
    'mailto:kit@example.org?Attachment=x',
    'mailto:kit%0aBcc:all@example.org',
  ])('%j may not', (address) => expect(judgeLink(address).ok).toBe(false));
});

type Opened = {
  readonly open: OpenLink;
  readonly opened: string[];
  readonly asked: string[];
  readonly logged: string[];
};

function gate(answer: (shown: string) => Promise<boolean>): Opened {
  const opened: string[] = [];
  const asked: string[] = [];
  const logged: string[] = [];
  const open = createLinkGate({
    open: async (url) => void opened.push(url),
    confirm: (shown) => {
      asked.push(shown);
      return answer(shown);
    },
    log: (line) => logged.push(line),
  });
  return { open, opened, asked, logged };
}

describe('the gate', () => {
  test.each<[LinkOrigin, boolean, string[], string[]]>([
    ['memoir', false, [], ['https://example.org/']],
    ['text', true, ['example.org'], ['https://example.org/']],
    ['text', false, ['example.org'], []],
  ])('a link of %s, confirmed %j, asks about %j and opens %j', async (from, answer, asked, opened) => {
    const way = gate(() => Promise.resolve(answer));
    expect(await way.open('https://example.org', from)).toBe(opened.length > 0);
    expect([way.asked, way.opened]).toEqual([asked, opened]);
  });

  test('what is refused is not even asked about, and the log does not repeat it', async () => {
    const way = gate(() => Promise.resolve(true));
    expect(await way.open('ms-msdt:/id secret', 'text')).toBe(false);
    expect([way.asked, way.opened]).toEqual([[], []]);
    expect(way.logged.join()).not.toContain('secret');
  });

  test('one question at a time: a page can not bury the person in dialogs', async () => {
    const answer = Promise.withResolvers<boolean>();
    const way = gate(() => answer.promise);
    const first = way.open('https://one.example', 'text');
    expect(await way.open('https://two.example', 'text')).toBe(false);
    answer.resolve(true);
    expect(await first).toBe(true);
    expect(way.asked).toEqual(['one.example']);
    expect(await way.open('https://three.example', 'text')).toBe(true);
  });
});

describe('a page is kept where it is', () => {
  function stage(): {
    contents: FakeContents;
    offered: string[];
    go: (event: string, url: string, more?: object) => boolean;
  } {
    const contents = new FakeContents();
    const offered: string[] = [];
    limitNavigation(contents as unknown as WebContents, (address, from) => {
      offered.push(`${from} ${address}`);
      return Promise.resolve(true);
    });
    const go = (event: string, url: string, more = {}): boolean => {
      let prevented = false;
      contents.emit(event, { url, isMainFrame: true, preventDefault: () => (prevented = true), ...more });
      return !prevented;
    };
    return { contents, offered, go };
  }

  const FOREIGN = [
    'https://evil.example/',
    'memoir://app.evil.example/',
    'memoir://evil/index.html',
    'memoir://app@evil/',
    'memoir://user:pass@app/',
    'memoir:app/',
    'memoirs://app/',
    'file:///etc/passwd',
    'data:text/html,<script>1</script>',
    'about:blank',
    'javascript:alert(1)',
    'not an address',
  ];

  test.each(FOREIGN)('%s is no page of ours and is not gone to', (url) => {
    const { go, offered } = stage();
    expect(isOwnPage(url)).toBe(false);
    expect([go('will-navigate', url), go('will-redirect', url)]).toEqual([false, false]);
    expect(offered).toEqual([`text ${url}`]);
  });

  test.each(['memoir://app/', 'memoir://app/index.html#/chat', 'memoir://app/engine-stopped.html'])(
    '%s is ours and is gone to',
    (url) => {
      const { go, offered } = stage();
      expect([go('will-navigate', url), go('will-redirect', url), go('will-frame-navigate', url)]).toEqual([
        true,
        true,
        true,
      ]);
      expect(offered).toEqual([]);
    },
  );

  test('no other frame goes anywhere, no page is embedded, and no window is opened by a page', () => {
    const { contents, offered, go } = stage();
    expect(go('will-frame-navigate', 'memoir://app/', { isMainFrame: false })).toBe(false);
    expect(go('will-attach-webview', 'memoir://app/')).toBe(false);
    for (const url of ['https://example.org/', 'memoir://app/', 'smb://evil/share']) {
      expect(contents.openHandler?.({ url })).toEqual({ action: 'deny' });
    }
    expect(offered).toEqual(['text https://example.org/', 'text memoir://app/', 'text smb://evil/share']);
  });
});
