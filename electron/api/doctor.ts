import { statSync } from 'node:fs';
import type { MethodName } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { createWording } from '../agent/wording.ts';
import { checkUp, type CheckOptions } from '../doctor/check-up.ts';
import type { DoctorDeps } from '../doctor/damage.ts';
import { repairStore } from '../doctor/repair.ts';
import { listWaitingConversations } from '../store/inbox.ts';
import { listWaitingRuns } from '../store/runs.ts';
import type { ApiDeps, SystemFacts } from './deps.ts';
import type { Handlers } from './dispatch.ts';

/** The methods of the Doctor. */
export type DoctorMethod = Extract<MethodName, `doctor.${string}`>;

/** Bytes up to which the whole file is read through beside other work; more would keep everyone waiting. */
const READ_BYTES = 8 * 1024 * 1024;
const TOLD_EVERY_MS = 500;

/** The Doctor: looking for damage, and mending it. */
export function doctorHandlers(deps: ApiDeps, facts: SystemFacts): Pick<Handlers, DoctorMethod> {
  const { database, emit } = deps;
  const doctor: DoctorDeps = {
    ...deps,
    wording: createWording(),
    instance_id: facts.boot_id,
    isBusy: deps.runtime.isBusy,
  };
  let is_repairing = false;
  const options = (agent_id: string | undefined): CheckOptions => ({
    agent_id: agent_id ?? null,
    reads_file: (statSync(database.raw.name, { throwIfNoEntry: false })?.size ?? 0) <= READ_BYTES,
    knows_models: true,
    onProgress: tellNowAndThen(deps),
  });
  return {
    'doctor.check': ({ agent_id }) => checkUp(doctor, database, options(agent_id)),
    'doctor.repair': async ({ agent_id }) => {
      if (is_repairing) throw new AppError('busy', 'A repair is under way. Wait for it, then look again.');
      is_repairing = true;
      try {
        const repair = await repairStore(doctor, database, options(agent_id));
        if (repair.mended.length > 0) {
          emit({ type: 'store.repaired' });
          await answerWaiting(deps);
        }
        return repair;
      } finally {
        deps.runtime.forgetWindows();
        is_repairing = false;
      }
    },
  };
}

function tellNowAndThen({ emit }: ApiDeps): CheckOptions['onProgress'] {
  let told_at = performance.now();
  return (done, of) => {
    if (performance.now() - told_at < TOLD_EVERY_MS) return;
    told_at = performance.now();
    emit({ type: 'doctor.progress', done, of });
  };
}

// What stood behind a stuck run is answered now.
async function answerWaiting({ database, runtime }: ApiDeps): Promise<void> {
  const runs = await listWaitingRuns(database.read);
  const waiting = await listWaitingConversations(database.read);
  const ids = new Set([...waiting, ...runs.map(({ conversation_id }) => conversation_id)]);
  for (const id of ids) await runtime.answerWaiting(id);
}
