/** E11, E12, E13: where keys are kept, with and without a keyring, and where they are never found. */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { environmentSecrets, type SecretKeep, type SecretStore } from '../../electron/secret-store.ts';
import { createSecrets } from '../../electron/shell/secrets.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { type Backend, FakeKeyring } from './fake-keyring.ts';

const NAME = 'OPENAI_API_KEY';
const KEY = 'sk-canary-0123456789-abcdefWXYZ';
const PASSPHRASE = 'correct horse battery';

type Stage = {
  readonly secrets: SecretStore;
  /** The same file after Memoir was closed and opened. */
  readonly again: () => SecretStore;
  readonly file: () => string;
  readonly path: string;
  readonly keyring: FakeKeyring;
  readonly logged: string[];
  readonly learned: string[];
};

function stage(
  setup: {
    platform?: NodeJS.Platform;
    backend?: Backend;
    available?: boolean | Error;
    env?: Record<string, string>;
  } = {},
): Stage {
  const keyring = new FakeKeyring();
  keyring.backend = setup.backend ?? 'gnome_libsecret';
  keyring.available = setup.available ?? true;
  const path = join(tempDir(), 'keys.json');
  const logged: string[] = [];
  const learned: string[] = [];
  const again = (): SecretStore =>
    createSecrets({
      keyring,
      platform: setup.platform ?? 'linux',
      path,
      env: setup.env ?? {},
      log: (line) => logged.push(line),
      learn: (secret) => learned.push(secret),
      scrypt_cost: 1024,
    });
  return { secrets: again(), again, path, keyring, logged, learned, file: () => readFileSync(path, 'utf8') };
}

const keepBy = (kind: SecretKeep['kind']): SecretKeep =>
  kind === 'passphrase' ? { kind, passphrase: PASSPHRASE } : { kind };

describe('with a keyring', () => {
  test.each<[NodeJS.Platform, Backend]>([
    ['darwin', 'unknown'],
    ['win32', 'unknown'],
    ['linux', 'gnome_libsecret'],
    ['linux', 'kwallet'],
    ['linux', 'kwallet5'],
    ['linux', 'kwallet6'],
  ])('%s (%s) keeps a key in it without a question', async (platform, backend) => {
    const { secrets, again, file, learned } = stage({ platform, backend });
    expect(await secrets.set(NAME, `  ${KEY}\n`)).toEqual({
      name: NAME,
      last4: 'WXYZ',
      source: 'keyring',
      locked: false,
    });
    expect(file()).not.toContain('canary');
    expect(await again().list([NAME, 'OTHER_KEY'])).toEqual([
      { name: NAME, last4: 'WXYZ', source: 'keyring', locked: false },
    ]);
    expect(await again().get(NAME)).toBe(KEY);
    expect(new Set(learned)).toEqual(new Set([KEY]));
  });

  test('a key the system changed its own for is encrypted anew, once', async () => {
    const { secrets, again, keyring, file } = stage();
    await secrets.set(NAME, KEY);
    const before = file();
    keyring.rotated = true;
    expect(await again().get(NAME)).toBe(KEY);
    expect([keyring.encrypted, file() === before]).toEqual([2, false]);
    keyring.rotated = false;
    expect(await again().get(NAME)).toBe(KEY);
    expect(keyring.encrypted).toBe(2);
  });

  test('a keyring that refuses says what to do, and the key stays where it is', async () => {
    const { secrets, again, keyring, file, logged } = stage();
    await secrets.set(NAME, KEY);
    keyring.refuses = true;
    await expect(again().get(NAME)).rejects.toMatchObject({
      code: 'model_auth',
      message: expect.stringContaining('Enter it again') as unknown,
    });
    expect(file()).toContain(NAME);
    expect(logged.join()).not.toContain('canary');
  });
});

const PROTECTING: Backend[] = ['gnome_libsecret', 'kwallet', 'kwallet5', 'kwallet6'];
/** With these nothing protects a key: a password everybody knows, or nobody can say. */
const OPEN: Backend[] = ['basic_text', 'unknown'];
const pairs = (kinds: SecretKeep['kind'][]): [Backend, SecretKeep['kind']][] =>
  [...PROTECTING, ...OPEN].flatMap((backend) =>
    kinds.map((kind): [Backend, SecretKeep['kind']] => [backend, kind]),
  );

describe('the six backends of Linux by the three choices', () => {
  test.each(OPEN)('%s keeps nothing until a person has chosen how', async (backend) => {
    const { secrets, path } = stage({ backend });
    const choices = ['session', 'passphrase', 'unprotected'];
    expect(await secrets.choices()).toEqual(choices);
    for (const keep of [undefined, keepBy('keyring')]) {
      await expect(secrets.set(NAME, KEY, keep)).rejects.toMatchObject({
        code: 'unsupported',
        details: { choices },
      });
    }
    expect(existsSync(path)).toBe(false);
  });

  test.each(pairs(['session']))('%s, kept by %s: in no file, and gone with Memoir', async (backend, kind) => {
    const { secrets, again, path } = stage({ backend });
    expect(await secrets.set(NAME, KEY, keepBy(kind))).toMatchObject({ source: kind, last4: 'WXYZ' });
    expect([await secrets.get(NAME), existsSync(path)]).toEqual([KEY, false]);
    expect([await again().get(NAME), await again().list([NAME])]).toEqual([null, []]);
  });

  test.each(pairs(['passphrase']))('%s, kept by %s: in a file no one can read', async (backend, kind) => {
    const { secrets, again, path, file } = stage({ backend });
    await secrets.set(NAME, KEY, keepBy(kind));
    expect(file()).not.toContain('canary');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect([await secrets.get(NAME), await again().get(NAME)]).toEqual([KEY, null]);
  });

  test.each(OPEN)('%s, kept unprotected on a clear word: in a file of this user alone', async (backend) => {
    const { secrets, again, path, file } = stage({ backend });
    await secrets.set(NAME, KEY, keepBy('unprotected'));
    expect(file()).toContain(KEY);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await again().get(NAME)).toBe(KEY);
  });

  test.each(PROTECTING)('%s keeps no key unprotected', async (backend) => {
    const { secrets, path } = stage({ backend });
    await expect(secrets.set(NAME, KEY, keepBy('unprotected'))).rejects.toMatchObject({
      code: 'unsupported',
    });
    expect(existsSync(path)).toBe(false);
  });

  test.each([false, new Error('no service')])(
    'a keyring that is not there (%s) is no keyring',
    async (available) => {
      const { secrets, path } = stage({ available, platform: 'darwin' });
      await expect(secrets.set(NAME, KEY)).rejects.toMatchObject({ code: 'unsupported' });
      await expect(secrets.set(NAME, KEY, { kind: 'keyring' })).rejects.toMatchObject({
        code: 'unsupported',
      });
      expect(existsSync(path)).toBe(false);
    },
  );
});

describe('behind a passphrase', () => {
  test('keys are locked at the next start until it is given; a wrong one opens nothing', async () => {
    const { secrets, again } = stage({ backend: 'basic_text' });
    await secrets.set(NAME, KEY, keepBy('passphrase'));
    const next = again();
    expect(await next.list([NAME])).toEqual([
      { name: NAME, last4: 'WXYZ', source: 'passphrase', locked: true },
    ]);
    await expect(next.unlock('a wrong passphrase')).rejects.toMatchObject({ code: 'invalid_input' });
    expect(await next.get(NAME)).toBeNull();
    await next.unlock(PASSPHRASE);
    expect(await next.get(NAME)).toBe(KEY);
    expect(await next.list([NAME])).toMatchObject([{ locked: false }]);
  });

  test('the passphrase is known to whoever keeps the log, as the key is', async () => {
    const { secrets, again, learned } = stage();
    await secrets.set(NAME, KEY, keepBy('passphrase'));
    expect(learned).toEqual(expect.arrayContaining([KEY, PASSPHRASE]));
    learned.length = 0;
    await again().unlock(PASSPHRASE);
    expect(learned).toEqual([PASSPHRASE]);
  });

  test('a second key takes the same passphrase; the last one to go takes it along', async () => {
    const { secrets, file } = stage({ backend: 'basic_text' });
    await secrets.set(NAME, KEY, keepBy('passphrase'));
    await expect(
      secrets.set('GROQ_API_KEY', KEY, { kind: 'passphrase', passphrase: 'another passphrase' }),
    ).rejects.toMatchObject({ code: 'invalid_input' });
    await secrets.set('GROQ_API_KEY', KEY, keepBy('passphrase'));
    await secrets.remove(NAME);
    expect(await secrets.get('GROQ_API_KEY')).toBe(KEY);
    await secrets.remove('GROQ_API_KEY');
    expect(JSON.parse(file())).toEqual({ version: 1, lock: null, keys: {} });
  });

  test('a key that was moved to another name, or changed, does not open', async () => {
    const { secrets, again, path, file } = stage({ backend: 'basic_text' });
    await secrets.set(NAME, KEY, keepBy('passphrase'));
    writeFileSync(path, file().replace(NAME, 'OTHER_API_KEY'));
    const next = again();
    await next.unlock(PASSPHRASE);
    await expect(next.get('OTHER_API_KEY')).rejects.toMatchObject({ code: 'model_auth' });
  });

  test('a short passphrase is refused', async () => {
    const { secrets, path } = stage({ backend: 'basic_text' });
    await expect(secrets.set(NAME, KEY, { kind: 'passphrase', passphrase: 'short' })).rejects.toMatchObject({
      code: 'invalid_input',
    });
    expect(existsSync(path)).toBe(false);
  });
});

describe('what is set, and what is not', () => {
  test('a key that is set goes before the environment, which comes back when it is removed', async () => {
    const { secrets } = stage({ env: { [NAME]: 'sk-from-the-environment' } });
    expect(await secrets.list([NAME])).toMatchObject([{ source: 'environment', last4: 'ment' }]);
    await secrets.set(NAME, KEY);
    expect(await secrets.get(NAME)).toBe(KEY);
    await secrets.remove(NAME);
    expect(await secrets.get(NAME)).toBe('sk-from-the-environment');
  });

  test('a key kept for the session replaces the kept one', async () => {
    const { secrets, again } = stage();
    await secrets.set(NAME, KEY);
    await secrets.set(NAME, 'sk-another-0123456789', { kind: 'session' });
    expect(await secrets.get(NAME)).toBe('sk-another-0123456789');
    expect(await again().get(NAME)).toBeNull();
  });

  test('changes at once are all kept', async () => {
    const { secrets, again } = stage();
    const names = Array.from({ length: 20 }, (_, index) => `KEY_${index}`);
    await Promise.all(names.map((name) => secrets.set(name, `${KEY}-${name}`)));
    expect((await again().list(names)).map(({ name }) => name)).toEqual(names);
    expect(await again().get('KEY_13')).toBe(`${KEY}-KEY_13`);
  });

  test('a damaged file is moved aside and said so, never overwritten', async () => {
    const { secrets, path, logged } = stage();
    writeFileSync(path, '{"version":1,"keys":');
    expect(await secrets.get(NAME)).toBeNull();
    expect(readFileSync(`${path}.damaged`, 'utf8')).toBe('{"version":1,"keys":');
    expect(logged[0]).toContain('Enter your keys again');
  });

  test.each(['', '  ', 'two lines\nof it', 'with blank', 'x'.repeat(8193), 'schlüssel-mit-umlaut'])(
    'a key of %j is refused',
    async (value) => {
      const { secrets } = stage();
      await expect(secrets.set(NAME, value)).rejects.toMatchObject({ code: 'invalid_input' });
      await expect(environmentSecrets({}).set(NAME, value)).rejects.toMatchObject({ code: 'invalid_input' });
    },
  );

  test.each(['', '__proto__', '../keys', 'A B', 'x'.repeat(65)])('a name of %j is refused', async (name) => {
    await expect(stage().secrets.set(name, KEY)).rejects.toMatchObject({ code: 'invalid_input' });
  });

  test('a short key shows none of its letters', async () => {
    expect(await stage().secrets.set(NAME, 'short-key')).toMatchObject({ last4: '' });
  });
});

describe('without the desktop', () => {
  test('keys come from the environment or a file it names, which may change meanwhile', async () => {
    const path = join(tempDir(), 'key.txt');
    writeFileSync(path, `${KEY}\n`);
    const secrets = environmentSecrets({ OPENAI_API_KEY_FILE: path, GROQ_API_KEY: 'gsk-0123456789abcd' });
    expect(await secrets.get(NAME)).toBe(KEY);
    expect(await secrets.list([NAME, 'GROQ_API_KEY', 'DEEPSEEK_API_KEY'])).toEqual([
      { name: NAME, last4: 'WXYZ', source: 'file', locked: false },
      { name: 'GROQ_API_KEY', last4: 'abcd', source: 'environment', locked: false },
    ]);
    writeFileSync(path, 'sk-renewed-0123456789');
    expect(await secrets.get(NAME)).toBe('sk-renewed-0123456789');
  });

  test('a key that is set lasts for the session; any other way is refused with what is possible', async () => {
    const secrets = environmentSecrets({});
    expect(await secrets.set(NAME, KEY)).toMatchObject({ source: 'session' });
    expect(await secrets.get(NAME)).toBe(KEY);
    for (const keep of [keepBy('keyring'), keepBy('passphrase'), keepBy('unprotected')]) {
      await expect(secrets.set(NAME, KEY, keep)).rejects.toMatchObject({ details: { choices: ['session'] } });
    }
    await secrets.remove(NAME);
    expect(await secrets.get(NAME)).toBeNull();
  });

  test('a file that can not be read is named by its variable, and hides no other key', async () => {
    const secrets = environmentSecrets({ OPENAI_API_KEY_FILE: join(tempDir(), 'missing') });
    await expect(secrets.get(NAME)).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringMatching(/OPENAI_API_KEY_FILE.*ENOENT/) as unknown,
    });
    const broken = { OPENAI_API_KEY_FILE: join(tempDir(), 'missing'), GROQ_API_KEY: 'gsk-0123456789abcd' };
    for (const each of [environmentSecrets(broken), stage({ env: broken }).secrets]) {
      expect(await each.list([NAME, 'GROQ_API_KEY'])).toEqual([
        { name: NAME, last4: '', source: 'file', locked: false },
        { name: 'GROQ_API_KEY', last4: 'abcd', source: 'environment', locked: false },
      ]);
    }
  });
});
