import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';

/** How a passphrase is turned into a key, and a probe that tells whether it was the right one. */
export type PassphraseLock = {
  /** Base64. */
  readonly salt: string;
  /** Cost of scrypt: a power of two. */
  readonly cost: number;
  /** Base64. */
  readonly probe: string;
};

/** Takes about half a second and 128 MiB, which makes guessing dear. */
export const SCRYPT_COST = 2 ** 17;

const PROBE = 'memoir';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Makes a lock for a new passphrase. */
export async function makeLock(
  passphrase: string,
  cost: number,
): Promise<{ lock: PassphraseLock; key: Buffer }> {
  const salt = randomBytes(16).toString('base64');
  const key = await deriveKey(passphrase, salt, cost);
  return { key, lock: { salt, cost, probe: seal(key, PROBE, PROBE) } };
}

/** The key of a lock; `null` when the passphrase is wrong. */
export async function openLock(lock: PassphraseLock, passphrase: string): Promise<Buffer | null> {
  const key = await deriveKey(passphrase, lock.salt, lock.cost);
  return unseal(key, PROBE, lock.probe) === PROBE ? key : null;
}

/** Encrypts a text with AES-256-GCM, bound to its name. Base64. */
export function seal(key: Buffer, name: string, text: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(name));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
}

/** Decrypts what {@link seal} made; `null` when the key or the name is another, or the text was changed. */
export function unseal(key: Buffer, name: string, sealed: string): string | null {
  const bytes = Buffer.from(sealed, 'base64');
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return null;
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES));
  decipher.setAAD(Buffer.from(name)).setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  const text = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
  try {
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  } catch {
    // The tag did not fit, which is all there is to know.
    return null;
  }
}

function deriveKey(passphrase: string, salt: string, cost: number): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const options = { N: cost, r: 8, p: 1, maxmem: 256 * cost * 8 };
  scrypt(passphrase.normalize('NFKC'), Buffer.from(salt, 'base64'), 32, options, (error, key) =>
    error === null ? resolve(key) : reject(error),
  );
  return promise;
}
