import type { MenuItemConstructorOptions } from 'electron';
import type { ShellCommand } from '../../shared/shell.ts';
import type { ShellTexts } from './texts.ts';

/** What the menu acts through. */
export type MenuActions = {
  /** Asks the page in front. */
  readonly command: (command: ShellCommand) => void;
  readonly newWindow: () => void;
  readonly minimize: () => void;
  readonly closeWindow: () => void;
  readonly showLog: () => void;
  readonly about: () => void;
};

type Item = MenuItemConstructorOptions;

/**
 * The menu. A page sees a key before the menu does, so an accelerator here is what happens when the page left the key
 * alone. Electron's own keys for reloading, closing and minimising are absent: they belong to the page.
 */
export function menuTemplate(
  system: { readonly platform: NodeJS.Platform; readonly isPackaged: boolean },
  actions: MenuActions,
  texts: ShellTexts,
): Item[] {
  const send: Send = (name, command, accelerator) => ({
    label: texts[name],
    click: () => actions.command(command),
    ...(accelerator === undefined ? {} : { accelerator }),
  });
  const isMac = system.platform === 'darwin';
  const parts = { send, actions, texts };
  return [
    appMenu(isMac, parts),
    { label: texts['menu.edit'], submenu: editItems(parts) },
    { label: texts['menu.view'], submenu: viewItems(system.isPackaged, parts) },
    { label: texts['menu.window'], role: 'window', submenu: windowItems(parts) },
    { label: texts['menu.help'], role: 'help', submenu: helpItems(isMac, parts) },
  ];
}

type Send = (name: keyof ShellTexts, command: ShellCommand, accelerator?: string) => Item;

type Parts = { readonly send: Send; readonly actions: MenuActions; readonly texts: ShellTexts };

function appMenu(isMac: boolean, { send, actions: { about }, texts }: Parts): Item {
  const about_item: Item = { label: texts['menu.about'], click: about };
  return {
    label: 'Memoir',
    submenu: [
      ...(isMac ? [about_item, separator()] : []),
      send('menu.new_conversation', 'conversation.new', 'CmdOrCtrl+N'),
      send('menu.new_agent', 'agent.new', 'CmdOrCtrl+Shift+N'),
      send('menu.fork', 'agent.fork'),
      separator(),
      send('menu.import', 'agent.import'),
      send('menu.export', 'agent.export', 'CmdOrCtrl+Shift+E'),
      separator(),
      send('menu.settings', 'page.settings', 'CmdOrCtrl+,'),
      separator(),
      ...(isMac
        ? ([
            { role: 'hide', label: texts['menu.hide'] },
            { role: 'hideOthers', label: texts['menu.hide_others'] },
            { role: 'unhide', label: texts['menu.unhide'] },
            separator(),
          ] as const)
        : []),
      { role: 'quit', label: texts['menu.quit'] },
    ],
  };
}

function editItems({ send, texts }: Parts): Item[] {
  return [
    { role: 'undo', label: texts['menu.undo'] },
    { role: 'redo', label: texts['menu.redo'] },
    separator(),
    { role: 'cut', label: texts['menu.cut'] },
    { role: 'copy', label: texts['menu.copy'] },
    { role: 'paste', label: texts['menu.paste'] },
    { role: 'selectAll', label: texts['menu.select_all'] },
    separator(),
    send('menu.edit_message', 'message.edit', 'CmdOrCtrl+E'),
    // Its key has R, which means reloading elsewhere: the page takes it or nobody does.
    send('menu.again', 'answer.again'),
    separator(),
    send('menu.undo_change', 'memory.undo'),
  ];
}

function viewItems(isPackaged: boolean, { send, texts }: Parts): Item[] {
  return [
    send('menu.chat', 'page.chat', 'CmdOrCtrl+1'),
    send('menu.archive', 'page.archive', 'CmdOrCtrl+2'),
    send('menu.review', 'page.review', 'CmdOrCtrl+Shift+Y'),
    separator(),
    send('menu.agents', 'pane.left', 'CmdOrCtrl+B'),
    send('menu.state', 'pane.right', 'CmdOrCtrl+J'),
    send('menu.write', 'composer.focus', 'CmdOrCtrl+L'),
    separator(),
    send('menu.previous_branch', 'branch.previous'),
    send('menu.next_branch', 'branch.next'),
    separator(),
    { role: 'resetZoom', label: texts['menu.zoom_reset'] },
    { role: 'zoomIn', label: texts['menu.zoom_in'] },
    { role: 'zoomOut', label: texts['menu.zoom_out'] },
    { role: 'togglefullscreen', label: texts['menu.full_screen'] },
    ...(isPackaged
      ? []
      : ([separator(), { role: 'toggleDevTools', label: texts['menu.developer'] }] as const)),
  ];
}

function windowItems({ actions: { newWindow, minimize, closeWindow }, texts }: Parts): Item[] {
  return [
    { label: texts['menu.new_window'], accelerator: 'CmdOrCtrl+D', click: newWindow },
    { label: texts['menu.minimize'], click: minimize },
    { label: texts['menu.close'], click: closeWindow },
  ];
}

function helpItems(isMac: boolean, { send, actions: { showLog, about }, texts }: Parts): Item[] {
  return [
    send('menu.tour', 'help.tour'),
    { label: texts['menu.log'], click: showLog },
    ...(isMac ? [] : [separator(), { label: texts['menu.about'], click: about }]),
  ];
}

function separator(): Item {
  return { type: 'separator' };
}
