/**
 * A headless server in a process of its own that takes the time of each commit where SQLite makes it, and the delay of its
 * event loop. Prints its address; answers each line it reads with the figures so far, as JSON, and begins them anew.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import SqliteHandle from 'better-sqlite3';
import { startServer } from '../electron/server.ts';
import { print } from './figures.ts';

/** What the server says of itself, in milliseconds. */
export type ServerFigures = {
  readonly commits: readonly number[];
  readonly loop_p50: number;
  readonly loop_p99: number;
  readonly loop_most: number;
  /** Time of the processor. */
  readonly cpu_ms: number;
};

const NANOSECONDS = 1_000_000;
const commits: number[] = [];
const plain: unknown = Reflect.get(SqliteHandle.prototype, 'prepare');
const prepare = plain as (this: SqliteHandle.Database, sql: string) => SqliteHandle.Statement;

SqliteHandle.prototype.prepare = function prepareTimed(this: SqliteHandle.Database, sql: string) {
  const statement = prepare.call(this, sql);
  return /^commit/iu.test(sql) ? timedStatement(statement) : statement;
} as typeof SqliteHandle.prototype.prepare;

function timedStatement(statement: SqliteHandle.Statement): SqliteHandle.Statement {
  const run = statement.run.bind(statement);
  statement.run = (...values: unknown[]) => {
    const start = performance.now();
    try {
      return run(...values);
    } finally {
      commits.push(performance.now() - start);
    }
  };
  return statement;
}

let used = process.cpuUsage();
const delay = monitorEventLoopDelay({ resolution: 1 });
const server = await startServer({
  port: 0,
  ...(process.argv[2] === undefined ? {} : { dataDir: process.argv[2] }),
});
print(server.url);
delay.enable();
process.once('SIGTERM', () => void server.close().then(() => process.exit(0)));
createInterface({ input: process.stdin }).on('line', () => {
  const { user, system } = process.cpuUsage(used);
  used = process.cpuUsage();
  const figures: ServerFigures = {
    commits: commits.splice(0),
    loop_p50: delay.percentile(50) / NANOSECONDS,
    loop_p99: delay.percentile(99) / NANOSECONDS,
    loop_most: delay.max / NANOSECONDS,
    cpu_ms: (user + system) / 1000,
  };
  delay.reset();
  print(JSON.stringify(figures));
});
