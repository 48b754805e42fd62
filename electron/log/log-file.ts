import { appendFileSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the log needs. */
export type LogOptions = {
  /** Folder of the log and the crash files; made if missing. */
  readonly folder: string;
  readonly redact: (text: string) => string;
  readonly now: () => Date;
  /** Hears each redacted line as well, e.g. the terminal. */
  readonly echo: (line: string) => void;
  /** Bytes after which a file is put aside. Default 1 MiB. */
  readonly max_bytes?: number;
  /** Files put aside that are kept, and crash files. Default 4. */
  readonly keep?: number;
};

/** The log of the app, with a window or without. Everything in it is redacted. Writing never throws. */
export type Log = {
  readonly path: string;
  readonly write: (line: string) => void;
  /** Writes a crash file of its own; `what` names the part that crashed. */
  readonly crash: (what: 'engine' | 'window' | 'main', report: string) => void;
};

/** Opens the log `memoir.log` of a folder; older ones are `memoir.1.log` and so on, the oldest is deleted. */
export function openLog(options: LogOptions): Log {
  const { folder, redact, now, echo, max_bytes = 1024 * 1024, keep = 4 } = options;
  const path = join(folder, 'memoir.log');
  let size: number | null = null;
  const put = (text: string): void => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    size ??= sizeOf(path);
    if (size > 0 && size + text.length > max_bytes) {
      rotate(folder, keep);
      size = 0;
    }
    appendFileSync(path, text, { mode: 0o600 });
    size += Buffer.byteLength(text);
  };
  const write = (line: string): void => {
    const clean = visible(redact(line)).replaceAll('\n', '\n  ');
    echo(clean);
    attempt(() => put(`${now().toISOString()} ${clean}\n`), echo);
  };
  return {
    path,
    write,
    crash: (what, report) => {
      write(`Crash of the ${what}: ${report.split('\n', 1)[0] ?? ''}`);
      attempt(() => {
        const crashes = join(folder, 'crashes');
        mkdirSync(crashes, { recursive: true, mode: 0o700 });
        const name = `${now().toISOString().replaceAll(/[:.]/g, '-')}-${what}.txt`;
        const text = `${now().toISOString()} ${what}\n${process.platform} ${process.arch} ${process.version}\n\n`;
        writeFileSync(join(crashes, name), `${text}${visible(redact(report))}\n`, { mode: 0o600 });
        for (const old of readdirSync(crashes).toSorted().slice(0, -keep)) rmSync(join(crashes, old));
      }, echo);
    },
  };
}

// Lines hold what strangers send, such as paths: a terminal would obey some of its characters, and hide others.
function visible(text: string): string {
  return text.replaceAll(UNSEEN, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

function rotate(folder: string, keep: number): void {
  const name = (place: number): string => join(folder, place === 0 ? 'memoir.log' : `memoir.${place}.log`);
  rmSync(name(keep), { force: true });
  for (let place = keep - 1; place >= 0; place -= 1) {
    if (sizeOf(name(place)) > 0) renameSync(name(place), name(place + 1));
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

// A log that can't be written must not end what it is the log of; the terminal hears why.
function attempt(work: () => void, echo: (line: string) => void): void {
  try {
    work();
  } catch (error) {
    echo(`The log could not be written: ${String(error)}`);
  }
}
