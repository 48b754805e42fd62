import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a second instance tells the first. */
export type SecondInstance = {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly additional_data: unknown;
};

/** The lock on a user data folder that only one running app holds; all of it is synchronous, as Electron's is. */
export class InstanceLock {
  readonly #folder: string;
  readonly #onSecond: (second: SecondInstance) => void;
  #held = false;

  constructor(folder: string, onSecond: (second: SecondInstance) => void) {
    this.#folder = folder;
    this.#onSecond = onSecond;
  }

  get held(): boolean {
    return this.#held;
  }

  /** Takes the lock, or hands the data to the holder and answers `false`. */
  request(additional_data: unknown): boolean {
    if (this.#held) return true;
    mkdirSync(this.#mail, { recursive: true });
    this.#held = this.#take();
    if (this.#held) this.#listen();
    else this.#tell({ argv: process.argv, cwd: process.cwd(), additional_data });
    return this.#held;
  }

  release(): void {
    if (this.#held) rmSync(this.#lock, { force: true });
    this.#held = false;
  }

  get #lock(): string {
    return join(this.#folder, 'double-instance');
  }

  get #mail(): string {
    return join(this.#folder, 'double-second-instances');
  }

  #take(): boolean {
    try {
      writeFileSync(this.#lock, String(process.pid), { flag: 'wx' });
      return true;
    } catch {
      if (isAlive(Number(readFileSync(this.#lock, 'utf8')))) return false;
      // Its holder was killed; Electron's lock goes with the process.
      writeFileSync(this.#lock, String(process.pid));
      return true;
    }
  }

  #tell(second: SecondInstance): void {
    const file = join(this.#mail, String(process.pid));
    writeFileSync(`${file}.writing`, JSON.stringify(second));
    renameSync(`${file}.writing`, `${file}.json`);
  }

  #listen(): void {
    watch(this.#mail, () => this.#collect()).unref();
  }

  #collect(): void {
    for (const name of readdirSync(this.#mail).filter((each) => each.endsWith('.json'))) {
      const second = JSON.parse(readFileSync(join(this.#mail, name), 'utf8')) as SecondInstance;
      rmSync(join(this.#mail, name));
      this.#onSecond(second);
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
