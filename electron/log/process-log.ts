import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Log, openLog } from './log-file.ts';
import { createRedactor, secretsOf } from './redact.ts';

/** The log of a process without a window. */
export type ProcessLog = Log & {
  /** Takes a secret that must never be in it. */
  readonly learn: (secret: string) => void;
  /** Takes out of a text what must not be in the log, for what is printed beside it. */
  readonly redact: (text: string) => string;
};

/** Where the log of a data folder is, whoever writes it. */
export function logPathOf(dataDir: string): string {
  return join(dataDir, 'logs', 'memoir.log');
}

/** Opens the log of a data folder for the headless server. `echo` hears each redacted line as well. */
export function openProcessLog(
  dataDir: string,
  {
    env,
    echo,
  }: {
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly echo: (line: string) => void;
  },
): ProcessLog {
  const { learn, redact } = createRedactor(homedir());
  for (const secret of secretsOf(env)) learn(secret);
  return {
    ...openLog({ folder: join(dataDir, 'logs'), redact, now: () => new Date(), echo }),
    learn,
    redact,
  };
}
