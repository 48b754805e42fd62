/** What only the desktop window has, beside the contract: commands of its menu, and the state of its engine. */

/** Something a menu item asks the page to do; the page does it as if its own key had been pressed. */
export type ShellCommand =
  | 'agent.new'
  | 'agent.import'
  | 'agent.export'
  | 'conversation.new'
  | 'page.chat'
  | 'page.archive'
  | 'page.review'
  | 'page.settings'
  | 'composer.focus'
  | 'pane.left'
  | 'pane.right'
  | 'memory.undo'
  | 'message.edit'
  | 'answer.again'
  | 'branch.previous'
  | 'branch.next'
  | 'agent.fork'
  | 'help.tour';

/** What the shell tells a page, on the channel of the events. */
export type ShellMessage =
  | { readonly shell: 'command'; readonly command: ShellCommand }
  /** The engine was started anew: everything has to be read again. */
  | { readonly shell: 'engine'; readonly state: 'restarted' }
  /** The system opened an agent file with the app: a page may take it. */
  | { readonly shell: 'file' };

/** An agent file the system opened with the app, as text nobody has looked into. */
export type OpenedFile = { readonly name: string; readonly text: string };

/**
 * Calls the shell answers itself, so that they work while the engine does not. They take `{}` and answer `{}`, except:
 * `shell.set_language` takes `{ language }`, which `LanguageChoice` describes, and `shell.take_file` answers the next
 * {@link OpenedFile}, or `null` when none waits.
 */
export const SHELL_METHODS = ['shell.restart_engine', 'shell.set_language', 'shell.take_file'] as const;

/** One of {@link SHELL_METHODS}. */
export type ShellMethod = (typeof SHELL_METHODS)[number];
