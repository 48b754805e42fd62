import type { MenuItemConstructorOptions } from 'electron';
import type { ShellCommand } from '../../shared/shell.ts';

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
): Item[] {
  const send = (label: string, command: ShellCommand, accelerator?: string): Item => ({
    label,
    click: () => actions.command(command),
    ...(accelerator === undefined ? {} : { accelerator }),
  });
  return [
    appMenu(system.platform === 'darwin', send, actions),
    { label: 'Edit', submenu: editItems(send) },
    { label: 'View', submenu: viewItems(system.isPackaged, send) },
    { label: 'Window', role: 'window', submenu: windowItems(actions) },
    { label: 'Help', role: 'help', submenu: helpItems(system.platform === 'darwin', send, actions) },
  ];
}

type Send = (label: string, command: ShellCommand, accelerator?: string) => Item;

function appMenu(isMac: boolean, send: Send, { about }: MenuActions): Item {
  const about_item: Item = { label: 'About Memoir', click: about };
  return {
    label: 'Memoir',
    submenu: [
      ...(isMac ? [about_item, separator()] : []),
      send('New Conversation', 'conversation.new', 'CmdOrCtrl+N'),
      send('New Agent', 'agent.new', 'CmdOrCtrl+Shift+N'),
      separator(),
      send('Import...', 'agent.import'),
      send('Export...', 'agent.export', 'CmdOrCtrl+Shift+E'),
      separator(),
      send('Settings', 'page.settings', 'CmdOrCtrl+,'),
      separator(),
      ...(isMac
        ? ([{ role: 'hide' }, { role: 'hideOthers' }, { role: 'unhide' }, separator()] as const)
        : []),
      { role: 'quit', label: 'Quit Memoir' },
    ],
  };
}

function editItems(send: Send): Item[] {
  return [
    { role: 'undo' },
    { role: 'redo' },
    separator(),
    { role: 'cut' },
    { role: 'copy' },
    { role: 'paste' },
    { role: 'selectAll' },
    separator(),
    send('Undo Memory Change', 'memory.undo'),
  ];
}

function viewItems(isPackaged: boolean, send: Send): Item[] {
  return [
    send('Chat', 'page.chat', 'CmdOrCtrl+1'),
    send('Archive', 'page.archive', 'CmdOrCtrl+2'),
    separator(),
    send('Agents', 'pane.left', 'CmdOrCtrl+B'),
    send('State', 'pane.right', 'CmdOrCtrl+J'),
    send('Write a Message', 'composer.focus', 'CmdOrCtrl+L'),
    separator(),
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { role: 'togglefullscreen' },
    ...(isPackaged ? [] : ([separator(), { role: 'toggleDevTools' }] as const)),
  ];
}

function windowItems({ newWindow, minimize, closeWindow }: MenuActions): Item[] {
  return [
    { label: 'New Window', accelerator: 'CmdOrCtrl+D', click: newWindow },
    { label: 'Minimize', click: minimize },
    { label: 'Close Window', click: closeWindow },
  ];
}

function helpItems(isMac: boolean, send: Send, { showLog, about }: MenuActions): Item[] {
  return [
    send('Tour', 'help.tour'),
    { label: 'Show Log', click: showLog },
    ...(isMac ? [] : [separator(), { label: 'About Memoir', click: about }]),
  ];
}

function separator(): Item {
  return { type: 'separator' };
}
