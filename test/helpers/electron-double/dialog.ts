import type { Dialog } from 'electron';

type Modelled = {
  [Method in 'showMessageBox' | 'showOpenDialog' | 'showSaveDialog' | 'showErrorBox']: Dialog[Method];
};

/** `dialog`: nobody is there to answer, so each throws until a test puts a function in its place. */
export function doubleDialog(): Modelled {
  return {
    showMessageBox: (...given: unknown[]) => refuse('showMessageBox', given),
    showOpenDialog: (...given: unknown[]) => refuse('showOpenDialog', given),
    showSaveDialog: (...given: unknown[]) => refuse('showSaveDialog', given),
    // The one dialog without an answer: it says why the app could not start.
    showErrorBox: (title, content) => void process.stderr.write(`${title}: ${content}\n`),
  };
}

function refuse(method: string, given: readonly unknown[]): Promise<never> {
  const text = JSON.stringify(given.at(-1));
  return Promise.reject(new Error(`The test gave no answer to dialog.${method}: ${text}`));
}
