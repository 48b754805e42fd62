import type { BrowserWindow } from 'electron';
import type { ShellTexts } from './texts.ts';

/** What a person chose in a dialog. */
export type Choice = 'first' | 'second';

/** What the screens of a faulty window need. */
export type FaultOptions = {
  /** Asks; the signal takes the question back, which counts as the second answer. */
  readonly ask: (question: Question, signal?: AbortSignal) => Promise<Choice>;
  readonly texts: () => ShellTexts;
  readonly log: (line: string) => void;
  /** Takes what is known of a crash, for its file. */
  readonly onCrash: (report: string) => void;
};

/** A question with two answers; the second is the safe one. */
export type Question = {
  readonly message: string;
  readonly detail: string;
  readonly first: string;
  readonly second: string;
};

/** Of a page that died. */
export function goneQuestion(texts: ShellTexts): Question {
  return {
    message: texts['gone.message'],
    detail: texts['gone.detail'],
    first: texts['gone.reload'],
    second: texts['gone.close'],
  };
}

/** Of a page that does not answer. */
export function hungQuestion(texts: ShellTexts): Question {
  return {
    message: texts['hung.message'],
    detail: texts['hung.detail'],
    first: texts['gone.reload'],
    second: texts['hung.wait'],
  };
}

/** Asks what to do when a window's page dies (reload or close) or hangs (reload or wait). */
export function watchWindowFaults(window: BrowserWindow, options: FaultOptions): void {
  let hung: AbortController | null = null;
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    // A page that hung was ended on purpose.
    if (reason === 'clean-exit' || hung !== null) return;
    options.onCrash(`The window's page ended: ${reason}, exit code ${exitCode}.`);
    void options.ask(goneQuestion(options.texts())).then((choice) => {
      if (window.isDestroyed()) return;
      if (choice === 'first') window.webContents.reload();
      else window.destroy();
    });
  });
  window.on('unresponsive', () => {
    if (hung !== null) return;
    const question = new AbortController();
    hung = question;
    options.log('The window does not answer.');
    void options.ask(hungQuestion(options.texts()), question.signal).then((choice) => {
      if (choice === 'first' && !window.isDestroyed()) {
        // A page that hangs can not be asked to leave.
        window.webContents.forcefullyCrashRenderer();
        window.webContents.reload();
      }
      hung = null;
    });
  });
  window.on('responsive', () => hung?.abort());
}
