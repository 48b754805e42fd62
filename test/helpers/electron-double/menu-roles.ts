import type { MenuItemConstructorOptions } from 'electron';

type Role = NonNullable<MenuItemConstructorOptions['role']>;

/** What roles act on. */
export type RoleActions = {
  readonly quit: () => void;
  /** The focused window, if there is one. */
  readonly window: () => {
    close: () => void;
    minimize: () => void;
    reload: () => void;
    isFullScreen: () => boolean;
    setFullScreen: (flag: boolean) => void;
    readonly webContents: {
      zoomLevel: number;
      isDevToolsOpened: () => boolean;
      openDevTools: () => void;
      closeDevTools: () => void;
    };
  } | null;
};

const LABELS: Partial<Record<Role, string>> = {
  about: 'About',
  close: 'Close Window',
  copy: 'Copy',
  cut: 'Cut',
  delete: 'Delete',
  editMenu: 'Edit',
  fileMenu: 'File',
  forceReload: 'Force Reload',
  help: 'Help',
  minimize: 'Minimize',
  paste: 'Paste',
  quit: 'Quit',
  redo: 'Redo',
  reload: 'Reload',
  resetZoom: 'Actual Size',
  selectAll: 'Select All',
  toggleDevTools: 'Toggle Developer Tools',
  togglefullscreen: 'Toggle Full Screen',
  undo: 'Undo',
  viewMenu: 'View',
  window: 'Window',
  windowMenu: 'Window',
  zoomIn: 'Zoom In',
  zoomOut: 'Zoom Out',
};

const SUBMENUS: Partial<Record<Role, readonly Role[]>> = {
  fileMenu: ['quit'],
  editMenu: ['undo', 'redo', 'cut', 'copy', 'paste', 'delete', 'selectAll'],
  viewMenu: ['reload', 'forceReload', 'toggleDevTools', 'resetZoom', 'zoomIn', 'zoomOut', 'togglefullscreen'],
  windowMenu: ['minimize', 'close'],
};

/** The label a role brings along, on Linux. */
export function labelOf(role: Role | undefined): string {
  return role === undefined ? '' : (LABELS[role] ?? role);
}

/** The submenu a role brings along. */
export function submenuOf(role: Role | undefined): MenuItemConstructorOptions[] | undefined {
  return role === undefined ? undefined : SUBMENUS[role]?.map((each) => ({ role: each }));
}

/** Does what a role does; `false` when it does nothing by itself. Throws for roles the double does not model. */
export function runRole(role: Role, actions: RoleActions): boolean {
  if (role === 'quit') {
    actions.quit();
    return true;
  }
  if (role === 'window' || role === 'help' || role.endsWith('Menu')) return false;
  const window = actions.window();
  if (window === null) return true;
  const { webContents } = window;
  const roles: Partial<Record<Role, () => void>> = {
    close: () => window.close(),
    minimize: () => window.minimize(),
    reload: () => window.reload(),
    forceReload: () => window.reload(),
    togglefullscreen: () => window.setFullScreen(!window.isFullScreen()),
    toggleDevTools: () =>
      webContents.isDevToolsOpened() ? webContents.closeDevTools() : webContents.openDevTools(),
    resetZoom: () => (webContents.zoomLevel = 0),
    zoomIn: () => (webContents.zoomLevel += 0.5),
    zoomOut: () => (webContents.zoomLevel -= 0.5),
  };
  const run = roles[role];
  if (run === undefined) throw new Error(`The double does not model the menu role ${role}.`);
  run();
  return true;
}
