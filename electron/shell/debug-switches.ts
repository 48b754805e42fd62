/** Switches that open a program to whoever can reach a port of it. */
const CHROMIUM_SWITCHES = [
  'remote-debugging-port',
  'remote-debugging-pipe',
  'remote-debugging-address',
] as const;
const NODE_SWITCH = /^--?(?:inspect(?:-brk|-brk-node|-port|-wait|-publish-uid)?|debug-port)(?:=|$)/;

/** How the app was started. */
export type Started = {
  readonly isPackaged: boolean;
  readonly hasSwitch: (name: string) => boolean;
  /** Arguments of the program and of Node. */
  readonly args: readonly string[];
};

/** The debugging switch a packaged app was started with and refuses; `null` when there is none or in development. */
export function refusedSwitch({ isPackaged, hasSwitch, args }: Started): string | null {
  if (!isPackaged) return null;
  const chromium = CHROMIUM_SWITCHES.find(hasSwitch);
  if (chromium !== undefined) return `--${chromium}`;
  return args.find((each) => NODE_SWITCH.test(each))?.split('=', 1)[0] ?? null;
}
