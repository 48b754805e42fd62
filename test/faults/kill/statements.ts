import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { basename } from 'node:path';
import SqliteHandle from 'better-sqlite3';

/** Something done to a store or to a file beside it. */
export type Deed = {
  /** SQL; `backup NAME` and `rename NAME NAME` for what is no SQL. */
  readonly text: string;
  readonly values: readonly unknown[];
  /** The connection; `null` for a file. */
  readonly handle: SqliteHandle.Database | null;
};

/** Hears of every deed; what `before` throws is what the deed fails with. */
export type DeedWatch = {
  readonly before?: (deed: Deed) => void;
  readonly after?: (deed: Deed) => void;
};

type Method = (this: SqliteHandle.Database, ...args: unknown[]) => unknown;
type StatementMethod = (this: SqliteHandle.Statement, ...args: unknown[]) => unknown;

/**
 * Watches what this process does with SQLite, from outside: the driver's own methods are wrapped, and nothing of the
 * product knows. The returned function takes the wraps off again.
 */
export function watchDeeds({ before, after }: DeedWatch): () => void {
  const undo: (() => void)[] = [];
  const around = (deed: Deed, work: () => unknown): unknown => {
    before?.(deed);
    const result = work();
    after?.(deed);
    return result;
  };
  const statements = statementMethods();
  for (const name of ['run', 'all', 'get'] as const) {
    const own = statements[name];
    statements[name] = function wrapped(...values) {
      const deed = { text: this.source, values: values.flat(), handle: this.database };
      return around(deed, () => own.apply(this, values));
    };
    undo.push(() => (statements[name] = own));
  }
  const handles = SqliteHandle.prototype as unknown as Record<'exec' | 'backup', Method>;
  const { exec, backup } = handles;
  handles.exec = function wrapped(...args) {
    return around({ text: String(args[0]), values: [], handle: this }, () => exec.apply(this, args));
  };
  handles.backup = async function wrapped(...args) {
    const deed = { text: `backup ${basename(String(args[0]))}`, values: [], handle: this };
    before?.(deed);
    const result = await backup.apply(this, args);
    after?.(deed);
    return result;
  };
  undo.push(() => Object.assign(handles, { exec, backup }), watchRenames(around));
  return () => {
    for (const each of undo) each();
  };
}

function statementMethods(): Record<'run' | 'all' | 'get', StatementMethod> {
  const handle = new SqliteHandle(':memory:');
  const methods = Object.getPrototypeOf(handle.prepare('select 1')) as Record<
    'run' | 'all' | 'get',
    StatementMethod
  >;
  handle.close();
  return methods;
}

function watchRenames(around: (deed: Deed, work: () => unknown) => unknown): () => void {
  const { renameSync } = fs;
  fs.renameSync = (from, to) => {
    const text = `rename ${basename(String(from))} ${basename(String(to))}`;
    around({ text, values: [], handle: null }, () => renameSync(from, to));
  };
  syncBuiltinESMExports();
  return () => {
    fs.renameSync = renameSync;
    syncBuiltinESMExports();
  };
}
