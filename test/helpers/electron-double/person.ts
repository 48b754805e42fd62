/** What a person does outside the page: answers dialogs, uses the menu, follows links. The same over either desktop. */
import type { Page } from 'playwright-core';
import { vi } from 'vitest';
import { type Desktop, quotePrinted } from './desktop.ts';

/** A question the app asked in a dialog. */
export type Asked = { readonly message: string; readonly buttons: readonly string[] };

type Kept = { asked: Asked[]; opened: string[] };

/** From now on message boxes are answered with the button of this number, and links are kept instead of opened. */
export async function answerDialogs(desktop: Desktop, response: number): Promise<void> {
  await desktop.evaluate(({ dialog, shell }, button) => {
    const kept: Kept = { asked: [], opened: [] };
    (globalThis as unknown as { kept: Kept }).kept = kept;
    dialog.showMessageBox = (...given: unknown[]) => {
      const { message, buttons = [] } = given.at(-1) as { message: string; buttons?: string[] };
      kept.asked.push({ message, buttons });
      return Promise.resolve({ response: button, checkboxChecked: false });
    };
    shell.openExternal = (url) => {
      kept.opened.push(url);
      return Promise.resolve();
    };
  }, response);
}

/** What was asked and opened since {@link answerDialogs}. */
export function keptSince(desktop: Desktop): Promise<Kept> {
  return desktop.evaluate(() => (globalThis as unknown as { kept: Kept }).kept);
}

/** Chooses an item of the application's menu, by its labels from the top, e.g. `['Window', 'New Window']`. */
export function chooseMenu(desktop: Desktop, labels: readonly string[]): Promise<void> {
  return desktop.evaluate(({ Menu, BrowserWindow }, path) => {
    let items = Menu.getApplicationMenu()?.items ?? [];
    let found: (typeof items)[number] | undefined;
    for (const label of path) {
      found = items.find((item) => item.label === label);
      if (found === undefined)
        throw new Error(`No menu item "${label}" among ${items.map((item) => item.label).join(', ')}`);
      items = found.submenu?.items ?? [];
    }
    const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
    found?.click(undefined, window, window?.webContents);
  }, labels);
}

/** The page of the window of this number, once it has a talk. */
export async function windowPage(desktop: Desktop, index = 0): Promise<Page> {
  const page = await vi.waitUntil(() => desktop.windows()[index], { timeout: 15_000, interval: 20 });
  try {
    await page.getByRole('textbox', { name: 'Message', exact: true }).waitFor({ timeout: 20_000 });
  } catch (cause) {
    const shown = await page.locator('body').innerText();
    throw new Error(
      `The window has no talk. It shows: ${shown}\nThe app printed: ${quotePrinted(desktop.printed())}`,
      {
        cause,
      },
    );
  }
  return page;
}
