import type { CustomScheme, Protocol } from 'electron';

type Handler = (request: Request) => Response | Promise<Response>;
type Modelled = Pick<Protocol, 'handle' | 'unhandle' | 'isProtocolHandled' | 'registerSchemesAsPrivileged'>;

/** Schemes declared before the app is ready; all sessions share them. */
export class PrivilegedSchemes {
  readonly #names = new Set<string>();

  /** Only what travels as https may be declared: standard and secure. */
  declare(schemes: readonly CustomScheme[]): void {
    for (const { scheme, privileges } of schemes) {
      if (privileges?.standard !== true || privileges.secure !== true)
        throw new Error(`The double models only standard, secure schemes: ${scheme} is not.`);
      this.#names.add(scheme);
    }
  }

  has(scheme: string): boolean {
    return this.#names.has(scheme);
  }
}

/** `protocol`, of the app and of each session. */
export class DoubleProtocol implements Modelled {
  readonly #schemes: PrivilegedSchemes;
  readonly #isReady: () => boolean;
  readonly #handlers = new Map<string, Handler>();

  constructor(schemes: PrivilegedSchemes, isReady: () => boolean) {
    this.#schemes = schemes;
    this.#isReady = isReady;
  }

  registerSchemesAsPrivileged(schemes: CustomScheme[]): void {
    if (this.#isReady())
      throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
    this.#schemes.declare(schemes);
  }

  handle(scheme: string, handler: Handler): void {
    if (!this.#isReady()) throw new Error('protocol.handle can only be used after app is ready');
    if (this.#handlers.has(scheme)) throw new Error('Failed to register protocol: it is handled already');
    if (!this.#schemes.has(scheme))
      throw new Error(`The double models only privileged schemes: declare ${scheme} before ready.`);
    this.#handlers.set(scheme, handler);
  }

  unhandle(scheme: string): void {
    this.#handlers.delete(scheme);
  }

  isProtocolHandled(scheme: string): boolean {
    return this.#handlers.has(scheme);
  }

  /** Who answers for a scheme, if anyone does. */
  handlerOf(scheme: string): Handler | undefined {
    return this.#handlers.get(scheme);
  }
}
