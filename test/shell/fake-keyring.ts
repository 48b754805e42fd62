import { createHash } from 'node:crypto';
import type { Keyring } from '../../electron/shell/secrets.ts';

/** What `getSelectedStorageBackend` says on Linux. */
export type Backend = ReturnType<Keyring['getSelectedStorageBackend']>;

/** A keyring of the test's choosing. What it encrypts can not be read off. */
export class FakeKeyring implements Keyring {
  available: boolean | Error = true;
  backend: Backend = 'gnome_libsecret';
  /** Whether what was encrypted so far should be encrypted again. */
  rotated = false;
  /** Whether the system refuses to decrypt. */
  refuses = false;
  encrypted = 0;
  readonly #texts = new Map<string, string>();

  isAsyncEncryptionAvailable(): Promise<boolean> {
    return typeof this.available === 'boolean'
      ? Promise.resolve(this.available)
      : Promise.reject(this.available);
  }

  encryptStringAsync(text: string): Promise<Buffer> {
    this.encrypted += 1;
    const bytes = createHash('sha256').update(`${this.encrypted} ${text}`).digest();
    this.#texts.set(bytes.toString('hex'), text);
    return Promise.resolve(bytes);
  }

  decryptStringAsync(bytes: Buffer): Promise<{ shouldReEncrypt: boolean; result: string }> {
    const result = this.#texts.get(bytes.toString('hex'));
    if (this.refuses || result === undefined) return Promise.reject(new Error('the keyring is closed'));
    return Promise.resolve({ shouldReEncrypt: this.rotated, result });
  }

  getSelectedStorageBackend(): Backend {
    return this.backend;
  }
}
