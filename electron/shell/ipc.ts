import type { IpcMain } from 'electron';
import { contract } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { SHELL_METHODS, type ShellMethod } from '../../shared/shell.ts';
import { payloadProblem } from '../payload.ts';
import { type Outcome, toOutcome } from './backend-messages.ts';
import { CALL_CHANNEL } from './channels.ts';
import { isOwnPage } from './own-page.ts';

/** Who sent a message, as far as it is looked at. */
export type Sender = {
  readonly sender: { readonly id: number };
  /** `null` when the frame is gone by now. */
  readonly senderFrame: { readonly url: string; readonly parent: unknown } | null;
};

/** What answers the one channel. */
export type IpcOptions = {
  /** Whether a page's id is that of a window of ours. */
  readonly isOwnWindow: (id: number) => boolean;
  /** Answers a method of the contract. */
  readonly call: (name: string, input: unknown) => Promise<Outcome>;
  /** Answers a method of the shell; nothing stands for `{}`. */
  readonly shell: { readonly [Name in ShellMethod]: (input: unknown) => unknown };
  readonly log: (line: string) => void;
};

/**
 * Opens the one IPC door: `{ ok: true, output }` or `{ ok: false, error }` for each call from the main frame of a
 * window of ours at our own address; anybody else's is refused without a word of what is here.
 */
export function openIpc(ipcMain: Pick<IpcMain, 'handle'>, options: IpcOptions): void {
  ipcMain.handle(CALL_CHANNEL, (event, ...args: unknown[]) => {
    if (!isOwnSender(event, options.isOwnWindow)) {
      options.log('A call was refused: it came from another page.');
      throw new Error('Refused');
    }
    return toOutcome(async () => answer(args, options), options.log).then((outcome) =>
      outcome.ok ? (outcome.output as Outcome) : outcome,
    );
  });
}

/** Whether a message comes from the main frame of one of our windows, and the page there is ours. */
export function isOwnSender({ sender, senderFrame }: Sender, isOwnWindow: (id: number) => boolean): boolean {
  return (
    senderFrame !== null &&
    senderFrame.parent === null &&
    isOwnWindow(sender.id) &&
    isOwnPage(senderFrame.url)
  );
}

async function answer(args: readonly unknown[], { call, shell }: IpcOptions): Promise<Outcome> {
  const [name, input] = args;
  if (args.length > 2 || typeof name !== 'string') {
    throw new AppError('invalid_input', 'A call is a name and an input.');
  }
  const ofShell = isShellMethod(name);
  if (!ofShell && !Object.hasOwn(contract, name)) {
    throw new AppError('not_found', 'There is no method of that name.');
  }
  const problem = payloadProblem(input, carriesFile(name) ? 512 : 64);
  if (problem !== null) throw new AppError('invalid_input', `The input ${problem}. Nothing was done.`);
  if (!ofShell) return call(name, input);
  const output = await shell[name](input);
  return { ok: true, output: output === undefined ? {} : output };
}

function isShellMethod(name: string): name is ShellMethod {
  return SHELL_METHODS.some((method) => method === name);
}

function carriesFile(name: string): boolean {
  return name === 'agents.import' || name === 'agents.inspect';
}
