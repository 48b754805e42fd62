import { EventEmitter } from 'node:events';
import type { Menu, MenuItem, MenuItemConstructorOptions } from 'electron';
import { labelOf, type RoleActions, runRole, submenuOf } from './menu-roles.ts';

type ModelledItem = Pick<
  MenuItem,
  'label' | 'enabled' | 'visible' | 'checked' | 'id' | 'commandId' | 'click'
>;
type ModelledMenu = Pick<Menu, 'getMenuItemById' | 'closePopup'>;

/** `MenuItem`: `click()` does what choosing it does. Accelerators are data here, no key presses reach them. */
export class DoubleMenuItem implements ModelledItem {
  readonly label: string;
  readonly role: MenuItemConstructorOptions['role'];
  readonly type: string;
  readonly accelerator: string | null;
  readonly id: string;
  readonly commandId: number;
  readonly submenu: DoubleMenu | undefined;
  enabled: boolean;
  visible: boolean;
  checked: boolean;
  readonly #options: MenuItemConstructorOptions;
  readonly #actions: RoleActions;

  constructor(options: MenuItemConstructorOptions, actions: RoleActions, commandId: number) {
    this.#options = options;
    this.#actions = actions;
    this.role = options.role;
    this.label = options.label ?? labelOf(options.role);
    this.submenu = submenuFor(options, actions);
    this.type = options.type ?? (this.submenu === undefined ? 'normal' : 'submenu');
    this.accelerator = options.accelerator ?? null;
    this.id = options.id ?? '';
    this.commandId = commandId;
    this.enabled = options.enabled ?? true;
    this.visible = options.visible ?? true;
    this.checked = options.checked ?? false;
  }

  /** Arguments as in Electron: keyboard event, window, contents. */
  readonly click = (event?: unknown, window?: unknown): void => {
    if (this.type === 'checkbox') this.checked = !this.checked;
    if (this.role !== undefined && runRole(this.role, this.#actions)) return;
    const { click } = this.#options as { click?: (...args: unknown[]) => void };
    click?.(this, window, event ?? {});
  };
}

function submenuFor(options: MenuItemConstructorOptions, actions: RoleActions): DoubleMenu | undefined {
  const template = options.submenu ?? submenuOf(options.role);
  if (template === undefined) return undefined;
  if (!Array.isArray(template)) throw new Error('The double models submenus as templates only.');
  return DoubleMenu.build(template, actions);
}

/** `Menu`; the one of the application is kept by the composition. */
export class DoubleMenu extends EventEmitter implements ModelledMenu {
  readonly items: DoubleMenuItem[];

  constructor(items: DoubleMenuItem[]) {
    super();
    this.items = items;
  }

  static build(template: readonly MenuItemConstructorOptions[], actions: RoleActions): DoubleMenu {
    return new DoubleMenu(template.map((options, index) => new DoubleMenuItem(options, actions, index)));
  }

  // Electron's own type of an item has more than the double models.
  getMenuItemById(id: string): MenuItem | null {
    for (const item of this.items) {
      const found = item.id === id ? item : item.submenu?.getMenuItemById(id);
      if (found !== undefined && found !== null) return found as unknown as MenuItem;
    }
    return null;
  }

  /** Shows nothing; what was opened can be clicked through `items`. */
  popup(): void {
    this.emit('menu-will-show');
  }

  closePopup(): void {
    this.emit('menu-will-close');
  }
}
