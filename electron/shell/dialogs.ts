import { BrowserWindow, dialog, type MessageBoxOptions } from 'electron';
import { filled, type ShellTexts } from './texts.ts';
import type { Choice, Question } from './window-faults.ts';

/** Asks a question over the window in front. Closing the dialog, or the signal, is the second answer. */
export async function ask(
  { message, detail, first, second }: Question,
  signal?: AbortSignal,
): Promise<Choice> {
  const { response } = await show({
    type: 'warning',
    message,
    detail,
    buttons: [first, second],
    defaultId: 1,
    cancelId: 1,
    noLink: true,
    ...(signal === undefined ? {} : { signal }),
  });
  return response === 0 ? 'first' : 'second';
}

/** Asks whether to leave Memoir for an address; names its host, or the receiver of a mail. */
export async function confirmLink(texts: ShellTexts, shown: string, url: string): Promise<boolean> {
  const choice = await ask({
    message: filled(texts['link.message'], { shown }),
    detail: filled(texts['link.detail'], { url }),
    first: texts['link.open'],
    second: texts['dialog.cancel'],
  });
  return choice === 'first';
}

/** Tells something over the window in front. */
export async function tell(texts: ShellTexts, message: string, detail: string): Promise<void> {
  await show({ type: 'info', message, detail, buttons: [texts['dialog.ok']], noLink: true });
}

function show(options: MessageBoxOptions): Promise<{ readonly response: number }> {
  const front = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
  return front === undefined ? dialog.showMessageBox(options) : dialog.showMessageBox(front, options);
}
