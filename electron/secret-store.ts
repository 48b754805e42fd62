import { readFileSync } from 'node:fs';
import { AppError } from '../shared/errors.ts';

/** Settings by name, such as the environment of the process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * How a key is to be kept: by the system's keyring; in memory until Memoir is closed; in a file behind a passphrase;
 * or, said outright, readable in a file that only this user may open.
 */
export type SecretKeep =
  | { readonly kind: 'keyring' | 'session' | 'unprotected' }
  | { readonly kind: 'passphrase'; readonly passphrase: string };

/** Where a key comes from: how it was kept, or the environment (`NAME`) or a file it names (`NAME_FILE`). */
export type SecretSource = SecretKeep['kind'] | 'environment' | 'file';

/** What may be shown of a key. */
export type SecretInfo = {
  readonly name: string;
  /** Its last four characters; empty when the key is too short to show any. */
  readonly last4: string;
  readonly source: SecretSource;
  /** True when the passphrase must be given before the key can be used. */
  readonly locked: boolean;
};

/** Keys of model providers, by the name of their environment variable. They are kept outside the store. */
export type SecretStore = {
  /** Ways a key can be kept here, the best one first. Without a keyring a person has to choose one. */
  readonly choices: () => Promise<readonly SecretKeep['kind'][]>;
  /** What may be shown of those of the named keys that are set. Asks no keyring. */
  readonly list: (names: readonly string[]) => Promise<readonly SecretInfo[]>;
  /** The key, or `null` when it is not set or its passphrase was not given yet. */
  readonly get: (name: string) => Promise<string | null>;
  /** Keeps a key. Rejects with `unsupported` and `details.choices` when `keep` is not possible or must be chosen. */
  readonly set: (name: string, value: string, keep?: SecretKeep) => Promise<SecretInfo>;
  /** Forgets a kept key; one of the environment stays. */
  readonly remove: (name: string) => Promise<void>;
  /** Opens the keys behind the passphrase until Memoir is closed. Rejects with `invalid_input` when it is wrong. */
  readonly unlock: (passphrase: string) => Promise<void>;
};

const MAX_CHARACTERS = 8192;

/** What may be shown of a key that is at hand. */
export function secretInfo(name: string, value: string, source: SecretSource): SecretInfo {
  return { name, last4: value.length < 12 ? '' : value.slice(-4), source, locked: false };
}

/** Checks a name and a key as a person gave them; answers the key without blanks around it. Throws `invalid_input`. */
export function checkSecret(name: string, value: string): string {
  if (!/^[A-Za-z][\w.:-]{0,63}$/.test(name)) {
    throw new AppError(
      'invalid_input',
      'The name of a key has letters, digits and underscores. Nothing was kept.',
    );
  }
  const key = value.trim();
  if (key === '' || key.length > MAX_CHARACTERS || !/^[\x21-\x7e]+$/.test(key)) {
    throw new AppError(
      'invalid_input',
      `A key is one line of 1 to ${MAX_CHARACTERS} letters, digits and signs. Nothing was kept; paste it again.`,
    );
  }
  return key;
}

/** Refuses a way of keeping a key that is not to be had here. */
export function refuseKeep(choices: readonly SecretKeep['kind'][], message: string): AppError {
  return new AppError('unsupported', message, { details: { choices } });
}

/**
 * The keys where there is no desktop: `NAME` or, better, `NAME_FILE` in the environment, read at every call. A key that
 * is set goes before both and lasts until the process ends; nothing is ever written.
 */
export function environmentSecrets(env: Environment): SecretStore {
  const kept = new Map<string, string>();
  return {
    choices: () => Promise.resolve(['session']),
    list: async (names) =>
      names.flatMap((name) => {
        const session = kept.get(name);
        return (
          (session === undefined ? environmentInfo(env, name) : secretInfo(name, session, 'session')) ?? []
        );
      }),
    get: async (name) => kept.get(name) ?? readEnvironment(env, name)?.value ?? null,
    set: async (name, value, keep = { kind: 'session' }) => {
      const key = checkSecret(name, value);
      if (keep.kind !== 'session') {
        throw refuseKeep(
          ['session'],
          `Without the desktop a key lasts until Memoir ends; set ${name}_FILE to keep it.`,
        );
      }
      kept.set(name, key);
      return secretInfo(name, key, 'session');
    },
    remove: async (name) => void kept.delete(name),
    unlock: () => Promise.reject(refuseKeep(['session'], 'There are no keys behind a passphrase here.')),
  };
}

/** The same keys; `learn` hears every key and passphrase that comes to be known, so that no log repeats it. */
export function overheardSecrets(secrets: SecretStore, learn: (secret: string) => void): SecretStore {
  return {
    ...secrets,
    get: async (name) => {
      const value = await secrets.get(name);
      if (value !== null) learn(value);
      return value;
    },
    set: (name, value, keep) => {
      learn(value.trim());
      if (keep?.kind === 'passphrase') learn(keep.passphrase);
      return keep === undefined ? secrets.set(name, value) : secrets.set(name, value, keep);
    },
    unlock: (passphrase) => {
      learn(passphrase);
      return secrets.unlock(passphrase);
    },
  };
}

/** A key of the environment: `NAME`, else the first line of the file `NAME_FILE` names. Throws `invalid_input`. */
export function readEnvironment(
  env: Environment,
  name: string,
): { readonly value: string; readonly source: 'environment' | 'file' } | null {
  const value = env[name]?.trim() ?? '';
  if (value !== '') return { value, source: 'environment' };
  const path = env[`${name}_FILE`] ?? '';
  if (path === '') return null;
  const line = readLine(name, path);
  return line === '' ? null : { value: line, source: 'file' };
}

/** What may be shown of a key of the environment. One whose file can't be read is set, but shows no letters. */
export function environmentInfo(env: Environment, name: string): SecretInfo | null {
  try {
    const found = readEnvironment(env, name);
    return found === null ? null : secretInfo(name, found.value, found.source);
  } catch {
    // Whoever asks for the key itself is told why.
    return secretInfo(name, '', 'file');
  }
}

function readLine(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8').split('\n', 1)[0]?.trim() ?? '';
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown reason';
    throw new AppError('invalid_input', `The file that ${name}_FILE names can not be read (${code}).`, {
      cause,
    });
  }
}
