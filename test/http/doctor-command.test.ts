/** `memoir doctor` as a person types it, in a process of its own: by the server that runs, and on the files. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import SqliteHandle from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { parseDoctorOptions } from '../../electron/command-line.ts';
import { seeDoctor } from '../../electron/doctor-command.ts';
import { startServer } from '../../electron/server.ts';
import { lockFolder } from '../../electron/store/lock.ts';
import { type Patient, raisePatient } from '../doctor/patient.ts';
import { ROOT } from '../helpers/sources.ts';
import { tempDir } from '../helpers/temp-dir.ts';

let patient: Patient;
beforeAll(async () => {
  patient = await raisePatient(mkdtempSync(join(tmpdir(), 'memoir-test-')));
});
afterAll(async () => {
  await patient.model.close();
  rmSync(patient.folder, { recursive: true, force: true });
});

/** A port where nothing listens. */
const NOBODY = ['--port', '1'];

function copyFolder(): string {
  const folder = tempDir();
  cpSync(patient.folder, folder, { recursive: true });
  return folder;
}

function hurt(folder: string): void {
  const store = new SqliteHandle(join(folder, 'memoir.db'));
  store.exec("update passage set text = 'It was moved.'");
  store
    .prepare("insert into window_entry values (?, 900, 'message', 'message-gone', null)")
    .run(patient.conversation_id);
  store.close();
}

async function doctor(args: readonly string[]): Promise<{ code: number | null; out: string; err: string }> {
  // From the sources: what was built may be older.
  const code = `const { runDoctor } = await import('./electron/server.ts'); await runDoctor(${JSON.stringify(args)});`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code: child.exitCode, out, err };
}

test('the options are read, and unknown ones refused with those that are known', () => {
  expect(parseDoctorOptions(['--repair', '--agent', 'Kit', '--json', '--port', '1'])).toEqual({
    port: 1,
    host: '127.0.0.1',
    dataDir: undefined,
    agent: 'Kit',
    repair: true,
    json: true,
  });
  expect(() => parseDoctorOptions(['--heal'])).toThrow('--repair, --json');
});

describe('where no server runs', () => {
  test('it looks at the files, mends them, and a second look finds everything sound', async () => {
    const folder = copyFolder();
    hurt(folder);
    const where = [...NOBODY, '--data', folder];
    const found = await doctor(where);
    expect([found.code, found.err]).toEqual([1, '']);
    expect(found.out).toContain(
      'Looked at 2 agents, 3 conversations, 13 messages, 3 blocks, 1 archive entry.',
    );
    expect(found.out).toMatch(/^window_missing of Kit: ERROR\n {2}What the model sees names a message/m);
    expect(found.out).toMatch(/^entry_differs of Kit: ERROR\n/m);
    expect(found.out).toContain('2 of 2 findings can be mended: memoir doctor --repair\n');

    const mended = await doctor(['--repair', ...where]);
    expect(mended.code).toBe(0);
    const [backup] = readdirSync(join(folder, 'backups'));
    expect(mended.out).toContain(
      `The store as it was before is kept in ${join(folder, 'backups', backup ?? '')}\n`,
    );
    expect(mended.out).toContain(
      '  Kit: The archive entry "It was moved." says what its newest version says',
    );
    expect(mended.out).toContain('Everything is sound now.\n');
    const again = await seeDoctor(where, {}, () => undefined);
    expect(again.text).toContain('Everything is sound.\n');
  });

  test('it makes no store, brings none up to date, and leaves one that is held alone', async () => {
    const empty = tempDir();
    const see = (args: readonly string[]): Promise<unknown> => seeDoctor(args, {}, () => undefined);
    await expect(see([...NOBODY, '--data', empty])).rejects.toThrow(`there is no store in ${empty}`);
    expect(existsSync(join(empty, 'memoir.db'))).toBe(false);

    const older = readFileSync(join(ROOT, 'test', 'fixtures', 'store', 'v10.db.gz'));
    writeFileSync(join(empty, 'memoir.db'), gunzipSync(older));
    const before = readFileSync(join(empty, 'memoir.db'));
    await expect(see([...NOBODY, '--data', empty])).rejects.toThrow('that of an older Memoir (schema 10');
    expect(readFileSync(join(empty, 'memoir.db'))).toEqual(before);

    const held = copyFolder();
    const lock = lockFolder(held);
    onTestFinished(() => lock.release());
    await expect(see([...NOBODY, '--data', held])).rejects.toMatchObject({ code: 'store_locked' });
  });
});

test('where a server runs, it asks that one, for the agent that is named, and prints JSON when asked to', async () => {
  const folder = copyFolder();
  const env = { OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: patient.model.base_url };
  const server = await startServer({ port: 0, host: '0.0.0.0', dataDir: folder, env });
  onTestFinished(() => server.close());
  hurt(folder);
  const where = ['--port', new URL(server.url).port, '--data', folder];
  const see = (args: readonly string[]): ReturnType<typeof seeDoctor> =>
    seeDoctor([...args, ...where], {}, () => undefined);
  expect(await see(['--agent', 'Ada'])).toEqual({
    code: 0,
    text: 'Looked at 1 agent, 1 conversation, 0 messages, 2 blocks, 0 archive entries.\nEverything is sound.\n',
  });
  const { code, out } = await doctor(['--repair', '--json', '--agent', 'Kit', ...where]);
  expect(JSON.parse(out)).toMatchObject({
    mended: [{ kind: 'window_missing' }, { kind: 'entry_differs' }],
    after: { findings: [], agent_id: patient.agent_id },
  });
  expect(code).toBe(0);
  await expect(see(['--agent', 'Nobody'])).rejects.toThrow('There is no agent "Nobody". There are: ');
});
