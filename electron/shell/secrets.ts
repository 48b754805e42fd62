import type { SafeStorage } from 'electron';
import { AppError } from '../../shared/errors.ts';
import {
  checkSecret,
  type Environment,
  environmentInfo,
  readEnvironment,
  refuseKeep,
  type SecretInfo,
  secretInfo,
  type SecretKeep,
  type SecretStore,
} from '../secret-store.ts';
import { makeLock, openLock, SCRYPT_COST, seal, unseal } from './passphrase.ts';
import { readSecretsFile, type SecretEntry, type SecretsFile, writeSecretsFile } from './secrets-file.ts';

/** The system's keyring as Electron offers it. Its older, synchronous calls are not used. */
export type Keyring = Pick<
  SafeStorage,
  'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync' | 'getSelectedStorageBackend'
>;

/** What the desktop's keys need. */
export type SecretsOptions = {
  readonly keyring: Keyring;
  readonly platform: NodeJS.Platform;
  /** File of the keys; no key lies in it readable unless a person said so. */
  readonly path: string;
  readonly env: Environment;
  readonly log: (line: string) => void;
  /** Hears every key and passphrase that comes to be known, so that no log repeats it. */
  readonly learn: (secret: string) => void;
  /** Default {@link SCRYPT_COST}. */
  readonly scrypt_cost?: number;
};

type Kept = {
  readonly options: SecretsOptions;
  /** Keys that were read, or that last for this session only. */
  readonly open: Map<string, string>;
  readonly session: Set<string>;
  readonly file: () => SecretsFile;
  readonly write: (file: SecretsFile) => void;
  /** Of the passphrase, once it was given. */
  key: Buffer | null;
};

const WITH_KEYRING: readonly SecretKeep['kind'][] = ['keyring', 'session', 'passphrase'];
const WITHOUT_KEYRING: readonly SecretKeep['kind'][] = ['session', 'passphrase', 'unprotected'];
const NO_KEYRING =
  'This computer has no keyring that could protect the key, so nothing was kept. Keep it for this session only, ' +
  'behind a passphrase, or unprotected.';

/** The keys of the desktop app. A key set here goes before one of the environment. */
export function createSecrets(options: SecretsOptions): SecretStore {
  let file: SecretsFile | null = null;
  const kept: Kept = {
    options,
    open: new Map(),
    session: new Set(),
    file: () => (file ??= readSecretsFile(options.path, options.log)),
    write: (next) => {
      writeSecretsFile(options.path, next);
      file = next;
    },
    key: null,
  };
  // One after another: a change reads the file and writes it.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const result = turn.then(work);
    turn = result.catch(() => undefined);
    return result;
  };
  return {
    choices: () => choicesOf(options),
    list: async (names) => names.flatMap((name) => infoOf(kept, name) ?? []),
    get: (name) => inTurn(() => read(kept, name)),
    set: (name, value, keep) => inTurn(() => set(kept, { name, value: checkSecret(name, value), keep })),
    remove: (name) => inTurn(() => Promise.resolve(drop(kept, name))),
    unlock: (passphrase) => inTurn(() => unlock(kept, passphrase)),
  };
}

async function choicesOf({ keyring, platform, log }: SecretsOptions): Promise<readonly SecretKeep['kind'][]> {
  try {
    if (!(await keyring.isAsyncEncryptionAvailable())) return WITHOUT_KEYRING;
    if (platform !== 'linux') return WITH_KEYRING;
    // "basic_text" encrypts with a password everybody knows, and "unknown" may.
    const backend = keyring.getSelectedStorageBackend();
    return backend === 'basic_text' || backend === 'unknown' ? WITHOUT_KEYRING : WITH_KEYRING;
  } catch (error) {
    log(`The keyring did not answer: ${String(error)}`);
    return WITHOUT_KEYRING;
  }
}

function infoOf({ options, session, open, file, key }: Kept, name: string): SecretInfo | null {
  if (session.has(name)) return secretInfo(name, open.get(name) ?? '', 'session');
  const entry = entryOf(file(), name);
  if (entry !== null) {
    const locked = entry.kind === 'passphrase' && key === null;
    return { name, last4: entry.last4, source: entry.kind, locked };
  }
  return environmentInfo(options.env, name);
}

async function read(kept: Kept, name: string): Promise<string | null> {
  const known = kept.open.get(name);
  if (known !== undefined) return known;
  const entry = entryOf(kept.file(), name);
  const value = entry === null ? fromEnvironment(kept, name) : await decrypt(kept, name, entry);
  if (value === null) return null;
  kept.options.learn(value);
  // The environment may change its file while Memoir runs; what was kept does not.
  if (entry !== null) kept.open.set(name, value);
  return value;
}

function fromEnvironment({ options }: Kept, name: string): string | null {
  return readEnvironment(options.env, name)?.value ?? null;
}

async function decrypt(kept: Kept, name: string, entry: SecretEntry): Promise<string | null> {
  if (entry.kind === 'unprotected') return entry.data;
  if (entry.kind === 'passphrase') return kept.key === null ? null : unsealOrThrow(kept.key, name, entry);
  const { keyring, log } = kept.options;
  try {
    const { result, shouldReEncrypt } = await keyring.decryptStringAsync(Buffer.from(entry.data, 'base64'));
    if (shouldReEncrypt) await renew(kept, { name, value: result, entry });
    return result;
  } catch (error) {
    log(`The keyring did not open the key ${name}: ${String(error)}`);
    throw unreadable(name);
  }
}

// The system changed its own key; an old one may stop to work. The key at hand is good in any case.
async function renew(
  kept: Kept,
  { name, value, entry }: { readonly name: string; readonly value: string; readonly entry: SecretEntry },
): Promise<void> {
  try {
    const data = (await kept.options.keyring.encryptStringAsync(value)).toString('base64');
    put(kept, name, { ...entry, data });
  } catch (error) {
    kept.options.log(`The key ${name} was not encrypted anew: ${String(error)}`);
  }
}

function unsealOrThrow(key: Buffer, name: string, entry: SecretEntry): string {
  const value = unseal(key, name, entry.data);
  if (value === null) throw unreadable(name);
  return value;
}

function unreadable(name: string): AppError {
  return new AppError(
    'model_auth',
    `The kept key ${name} can not be read any more. Enter it again in the settings.`,
  );
}

type Setting = { readonly name: string; readonly value: string; readonly keep: SecretKeep | undefined };

async function set(kept: Kept, { name, value, keep }: Setting): Promise<SecretInfo> {
  const choices = await choicesOf(kept.options);
  const chosen = keep ?? { kind: 'keyring' };
  if (!choices.includes(chosen.kind)) {
    throw refuseKeep(
      choices,
      choices === WITHOUT_KEYRING ? NO_KEYRING : 'There is a keyring: use it. Nothing was kept.',
    );
  }
  kept.options.learn(value);
  if (chosen.kind === 'session') {
    drop(kept, name);
    kept.session.add(name);
  } else {
    const last4 = secretInfo(name, value, chosen.kind).last4;
    put(kept, name, { kind: chosen.kind, last4, data: await protect(kept, { name, value, keep: chosen }) });
    kept.session.delete(name);
  }
  kept.open.set(name, value);
  return secretInfo(name, value, chosen.kind);
}

async function protect(kept: Kept, setting: Setting & { readonly keep: SecretKeep }): Promise<string> {
  const { name, value, keep } = setting;
  if (keep.kind === 'keyring')
    return (await kept.options.keyring.encryptStringAsync(value)).toString('base64');
  if (keep.kind !== 'passphrase') return value;
  const { lock } = kept.file();
  if (lock === null) {
    if (keep.passphrase.length < 8) {
      throw new AppError('invalid_input', 'A passphrase has at least 8 characters. Nothing was kept.');
    }
    kept.options.learn(keep.passphrase);
    const made = await makeLock(keep.passphrase, kept.options.scrypt_cost ?? SCRYPT_COST);
    kept.write({ ...kept.file(), lock: made.lock });
    kept.key = made.key;
  } else await unlock(kept, keep.passphrase);
  if (kept.key === null) throw wrongPassphrase();
  return seal(kept.key, name, value);
}

async function unlock(kept: Kept, passphrase: string): Promise<void> {
  kept.options.learn(passphrase);
  const { lock } = kept.file();
  if (lock === null) throw new AppError('invalid_input', 'No key is kept behind a passphrase.');
  const key = await openLock(lock, passphrase);
  if (key === null) throw wrongPassphrase();
  kept.key = key;
}

function wrongPassphrase(): AppError {
  return new AppError(
    'invalid_input',
    'This is not the passphrase your keys are kept behind. Nothing was changed.',
  );
}

function put(kept: Kept, name: string, entry: SecretEntry): void {
  const file = kept.file();
  kept.write({ ...file, keys: { ...file.keys, [name]: entry } });
}

function drop(kept: Kept, name: string): void {
  kept.session.delete(name);
  kept.open.delete(name);
  const { keys, ...file } = kept.file();
  if (!Object.hasOwn(keys, name)) return;
  const { [name]: _dropped, ...rest } = keys;
  const isLocking = Object.values(rest).some(({ kind }) => kind === 'passphrase');
  if (!isLocking) kept.key = null;
  kept.write({ ...file, keys: rest, lock: isLocking ? file.lock : null });
}

function entryOf({ keys }: SecretsFile, name: string): SecretEntry | null {
  return Object.hasOwn(keys, name) ? (keys[name] ?? null) : null;
}
