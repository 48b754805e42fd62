/** The menu: what its items do, and which keys they leave to the page. */
import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, test } from 'vitest';
import { type MenuActions, menuTemplate } from '../../electron/shell/menu.ts';
import { shellTexts } from '../../electron/shell/texts.ts';
import type { Language } from '../../shared/languages.ts';

type Item = MenuItemConstructorOptions;

function itemsOf(template: readonly Item[]): Item[] {
  return template.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? itemsOf(item.submenu) : [])]);
}

function stage(
  platform: NodeJS.Platform = 'linux',
  isPackaged = true,
  language: Language = 'en',
): { items: Item[]; done: string[]; tops: unknown[] } {
  const done: string[] = [];
  const act = (name: string) => (): void => void done.push(name);
  const actions: MenuActions = {
    command: (command) => done.push(command),
    newWindow: act('newWindow'),
    minimize: act('minimize'),
    closeWindow: act('closeWindow'),
    showLog: act('showLog'),
    about: act('about'),
  };
  const template = menuTemplate({ platform, isPackaged }, actions, shellTexts(language));
  return { items: itemsOf(template), done, tops: template.map(({ label }) => label) };
}

describe.each<NodeJS.Platform>(['linux', 'win32', 'darwin'])('the menu of %s', (platform) => {
  test('has five menus; each item does something or is a part of the system', () => {
    const { items, done, tops } = stage(platform);
    expect(tops).toEqual(['Memoir', 'Edit', 'View', 'Window', 'Help']);
    for (const item of items) item.click?.({} as never, undefined, {} as never);
    const idle = items.filter(({ click, role, type, submenu }) => !(click ?? role ?? type ?? submenu));
    expect(idle).toEqual([]);
    const commands =
      `agent.export agent.fork agent.import agent.new answer.again branch.next branch.previous composer.focus
      conversation.new help.tour memory.undo message.edit page.archive page.chat page.review page.settings pane.left
      pane.right`.split(/\s+/);
    const own = ['about', 'closeWindow', 'minimize', 'newWindow', 'showLog'];
    expect(new Set(done)).toEqual(new Set([...commands, ...own]));
    expect(done).toHaveLength(commands.length + own.length);
  });

  test('no two items share a key, and reload, close and minimise have none', () => {
    const { items } = stage(platform);
    const keys = items.flatMap(({ accelerator }) => (accelerator === undefined ? [] : [String(accelerator)]));
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.filter((key) => /\+[RWM]$/.test(key))).toEqual([]);
    // These roles bring keys of their own.
    const roles = items.map(({ role }) => role);
    for (const role of [
      'reload',
      'forceReload',
      'close',
      'minimize',
      'windowMenu',
      'viewMenu',
      'fileMenu',
      'editMenu',
    ] as const) {
      expect(roles).not.toContain(role);
    }
  });

  test('developer tools are there in development only', () => {
    const has = (isPackaged: boolean): boolean =>
      stage(platform, isPackaged).items.some(({ role }) => role === 'toggleDevTools');
    expect([has(true), has(false)]).toEqual([false, true]);
  });

  test('is German all over in German, with the same keys and parts', () => {
    const english = stage(platform, false).items;
    const german = stage(platform, false, 'de').items;
    expect(german.map(({ role, accelerator }) => [role, accelerator])).toEqual(
      english.map(({ role, accelerator }) => [role, accelerator]),
    );
    const labels = (items: readonly Item[]): (string | undefined)[] =>
      items.filter(({ type }) => type !== 'separator').map(({ label }) => label);
    expect(labels(german)).not.toContain(undefined);
    const same = labels(german).filter((label, place) => label === labels(english)[place]);
    expect(same).toEqual(['Memoir', 'Chat']);
  });
});
