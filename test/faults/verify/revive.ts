import { type Backend, openBackend } from '../../../electron/backend.ts';
import { type Clock, systemClock } from '../../../electron/store/clock.ts';
import { toWire } from '../../../shared/errors.ts';
import { createPlayer, type Player } from '../stage/player.ts';
import { stageEnvironment } from '../stage/template.ts';
import { type Finding, findingsOf } from './findings.ts';

/** Starts on a folder as a person would next, asks the agents of these talks, and closes; says who did not answer. */
export async function revive(
  folder: string,
  base_url: string,
  conversation_ids: readonly string[],
  clock: Clock = systemClock,
): Promise<Finding[]> {
  let backend: Backend;
  try {
    const env = stageEnvironment(base_url);
    backend = await openBackend({ dataDir: folder, env, log: () => undefined, clock });
  } catch (error) {
    return findingsOf('silent', [`the backend does not start: ${toWire(error).message}`]);
  }
  try {
    if (backend.problem !== null) return findingsOf('corrupt', [backend.problem.message]);
    const answers = await Promise.all(
      conversation_ids.map((conversation_id) => askAgain(backend, conversation_id)),
    );
    return findingsOf('silent', answers.flat());
  } finally {
    await backend.close();
  }
}

/** Asks, and decides what stands in the way of the answer to this very message. */
async function askAgain(backend: Backend, conversation_id: string): Promise<string[]> {
  const player = createPlayer(backend);
  const stop = backend.subscribe(({ event }) => {
    if (event.type === 'run.paused' && event.run.conversation_id === conversation_id) void allow();
  });
  const allow = (): Promise<void> => allowAll(player, conversation_id).catch(() => undefined);
  try {
    const asked = player.say(conversation_id, 'Are you there?');
    await allow();
    const { state, error } = await asked;
    return state === 'completed'
      ? []
      : [`${conversation_id}: the next turn ended ${state}: ${error?.message ?? ''}`];
  } catch (error) {
    return [`${conversation_id} does not answer: ${toWire(error).message}`];
  } finally {
    stop();
  }
}

async function allowAll({ call }: Player, conversation_id: string): Promise<void> {
  const { approvals } = await call('approvals.list', { conversation_id });
  const decisions = approvals.map(({ id }) => ({ approval_id: id, decision: 'approve' as const }));
  // What was asked for may be over by now: its time, or its run.
  if (decisions.length > 0) await call('approvals.decide', { decisions });
}
