import type { Dispatch } from '../../../electron/api/dispatch.ts';
import { type Backend, openBackend } from '../../../electron/backend.ts';
import type { Clock } from '../../../electron/store/clock.ts';
import { type Ack, acksOfEvent, acksOfReply } from '../verify/acks.ts';
import { createPlayer, type Player } from './player.ts';
import { stageEnvironment } from './template.ts';

/** A backend in this process and everything it acknowledged. */
export type HeardBackend = {
  readonly backend: Backend;
  readonly player: Player;
  readonly acks: readonly Ack[];
};

/** Opens the backend of a folder and listens. Throws what keeps it from opening. */
export async function openHeard(dataDir: string, base_url: string, clock?: Clock): Promise<HeardBackend> {
  const backend = await openBackend({
    dataDir,
    env: stageEnvironment(base_url),
    log: () => undefined,
    ...(clock === undefined ? {} : { clock }),
  });
  if (backend.problem !== null) throw backend.problem;
  const acks: Ack[] = [];
  backend.subscribe(({ event }) => void acks.push(...acksOfEvent(event)));
  const call: Dispatch = async (name, input, context) => {
    const output = await backend.call(name, input, context);
    acks.push(...acksOfReply(name, output));
    return output;
  };
  return { backend, acks, player: createPlayer({ ...backend, call }) };
}
