/** What only the desktop window has, beside the contract: commands of its menu, and the state of its engine. */

/** Something a menu item asks the page to do; the page does it as if its own key had been pressed. */
export type ShellCommand =
  | 'agent.new'
  | 'agent.import'
  | 'agent.export'
  | 'conversation.new'
  | 'page.chat'
  | 'page.archive'
  | 'page.settings'
  | 'composer.focus'
  | 'pane.left'
  | 'pane.right'
  | 'memory.undo'
  | 'help.tour';

/** What the shell tells a page, on the channel of the events. */
export type ShellMessage =
  | { readonly shell: 'command'; readonly command: ShellCommand }
  /** The engine was started anew: everything has to be read again. */
  | { readonly shell: 'engine'; readonly state: 'restarted' };

/**
 * Calls the shell answers itself, so that they work while the engine does not. They answer `{}`; `shell.set_language`
 * takes `{ language }`, which `LanguageChoice` describes, the other one `{}`.
 */
export const SHELL_METHODS = ['shell.restart_engine', 'shell.set_language'] as const;

/** One of {@link SHELL_METHODS}. */
export type ShellMethod = (typeof SHELL_METHODS)[number];
