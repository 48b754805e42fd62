import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { SafeStorage } from 'electron';
import type { SecretsBackend } from './settings.ts';

const PREFIX = 'v11';

/** `safeStorage` over a keychain of the test's choice; what it encrypted survives a restart. */
export class DoubleSafeStorage implements SafeStorage {
  readonly #backend: SecretsBackend;
  readonly #key: Buffer;
  readonly #isReady: () => boolean;
  #plain = false;

  /** `owner` tells one keychain from another: the same owner reads its secrets again. */
  constructor(backend: SecretsBackend, owner: string, isReady: () => boolean) {
    this.#backend = backend;
    this.#key = createHash('sha256').update(`double keychain of ${owner}`).digest();
    this.#isReady = isReady;
  }

  isEncryptionAvailable(): boolean {
    if (this.#backend === 'basic_text') return this.#plain;
    return this.#isReady() && this.#backend !== 'unavailable';
  }

  isAsyncEncryptionAvailable(): Promise<boolean> {
    if (this.#backend === 'throwing') return Promise.reject(new Error('The keychain failed.'));
    return Promise.resolve(this.#isReady() && this.#backend !== 'unavailable');
  }

  getSelectedStorageBackend(): ReturnType<SafeStorage['getSelectedStorageBackend']> {
    if (!this.#isReady() || this.#backend === 'unavailable') return 'unknown';
    return this.#backend === 'basic_text' ? 'basic_text' : 'gnome_libsecret';
  }

  setUsePlainTextEncryption(usePlainText: boolean): void {
    this.#plain = usePlainText;
  }

  encryptString(plainText: string): Buffer {
    this.#demand('encrypting');
    const salt = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#key, salt);
    const sealed = Buffer.concat([cipher.update(plainText, 'utf8'), cipher.final()]);
    return Buffer.concat([Buffer.from(PREFIX), salt, cipher.getAuthTag(), sealed]);
  }

  decryptString(encrypted: Buffer): string {
    this.#demand('decrypting');
    if (encrypted.subarray(0, PREFIX.length).toString() !== PREFIX)
      throw new Error('Error while decrypting the ciphertext provided to safeStorage.decryptString.');
    const rest = encrypted.subarray(PREFIX.length);
    const decipher = createDecipheriv('aes-256-gcm', this.#key, rest.subarray(0, 12));
    decipher.setAuthTag(rest.subarray(12, 28));
    return Buffer.concat([decipher.update(rest.subarray(28)), decipher.final()]).toString('utf8');
  }

  // Async so that a failure rejects, as in Electron.
  async encryptStringAsync(plainText: string): Promise<Buffer> {
    return Promise.resolve(this.encryptString(plainText));
  }

  async decryptStringAsync(encrypted: Buffer): Promise<{ shouldReEncrypt: boolean; result: string }> {
    const result = this.decryptString(encrypted);
    return Promise.resolve({ shouldReEncrypt: this.#backend === 'rotated', result });
  }

  #demand(doing: string): void {
    if (this.#backend === 'throwing') throw new Error(`Error while ${doing}: the keychain failed.`);
    if (!this.#isReady() || this.#backend === 'unavailable')
      throw new Error(`Error while ${doing}: Encryption is not available.`);
  }
}
