import { EventEmitter } from 'node:events';
import type { Session } from 'electron';
import { Permissions } from './permissions.ts';
import type { DoubleProtocol } from './protocol.ts';
import { DoubleWebRequest } from './web-request.ts';

type Modelled = Pick<
  Session,
  | 'setPermissionRequestHandler'
  | 'setPermissionCheckHandler'
  | 'setDevicePermissionHandler'
  | 'setDisplayMediaRequestHandler'
  | 'setSpellCheckerEnabled'
  | 'setSpellCheckerLanguages'
  | 'isPersistent'
>;

/** `session`: policies apart for each partition; what pages store is shared by all of them. */
export class DoubleSession extends EventEmitter implements Modelled {
  readonly protocol: DoubleProtocol;
  readonly webRequest = new DoubleWebRequest();
  readonly permissions = new Permissions();
  readonly #partition: string;

  constructor(partition: string, protocol: DoubleProtocol) {
    super();
    this.#partition = partition;
    this.protocol = protocol;
  }

  isPersistent(): boolean {
    return this.#partition === '' || this.#partition.startsWith('persist:');
  }

  setPermissionRequestHandler(handler: Parameters<Session['setPermissionRequestHandler']>[0]): void {
    this.permissions.request = handler;
  }

  setPermissionCheckHandler(handler: Parameters<Session['setPermissionCheckHandler']>[0]): void {
    this.permissions.check = handler;
  }

  setDevicePermissionHandler(): void {}

  setDisplayMediaRequestHandler(): void {}

  setSpellCheckerEnabled(): void {}

  setSpellCheckerLanguages(): void {}
}

/** All sessions, by partition; '' is the default one. */
export class Sessions {
  readonly #isReady: () => boolean;
  readonly #protocolOf: (partition: string) => DoubleProtocol;
  readonly #onCreated: (session: DoubleSession) => void;
  readonly #sessions = new Map<string, DoubleSession>();

  constructor(
    isReady: () => boolean,
    protocolOf: (partition: string) => DoubleProtocol,
    onCreated: (session: DoubleSession) => void,
  ) {
    this.#isReady = isReady;
    this.#protocolOf = protocolOf;
    this.#onCreated = onCreated;
  }

  /** Throws before the app is ready, as Electron does. */
  of(partition: string): DoubleSession {
    const known = this.#sessions.get(partition);
    if (known !== undefined) return known;
    if (!this.#isReady()) throw new Error('Session can only be received when app is ready');
    const made = new DoubleSession(partition, this.#protocolOf(partition));
    this.#sessions.set(partition, made);
    this.#onCreated(made);
    return made;
  }
}
