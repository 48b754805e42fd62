import { activityHandlers } from './activity.ts';
import { agentStateHandlers } from './agent-states.ts';
import { agentHandlers } from './agents.ts';
import { approvalHandlers } from './approvals.ts';
import { archiveHandlers } from './archive.ts';
import { blockHandlers } from './blocks.ts';
import { branchHandlers } from './branches.ts';
import { conversationHandlers } from './conversations.ts';
import type { ApiDeps, SystemFacts } from './deps.ts';
import type { Handlers } from './dispatch.ts';
import type { DoctorMethod } from './doctor.ts';
import { providerHandlers } from './providers.ts';
import { settingsHandlers } from './settings.ts';
import { stepHandlers } from './steps.ts';
import { systemHandlers } from './system.ts';
import type { TransferMethod } from './transfer.ts';
import { windowHandlers } from './windows.ts';

/** Every method of the contract. */
export function createHandlers(deps: ApiDeps, facts: SystemFacts): Handlers {
  return {
    ...agentHandlers(deps),
    ...windowHandlers(deps),
    ...agentStateHandlers(deps),
    ...blockHandlers(deps),
    ...conversationHandlers(deps),
    ...branchHandlers(deps),
    ...approvalHandlers(deps),
    ...archiveHandlers(deps),
    ...providerHandlers(deps),
    ...transferHandlers(deps),
    ...settingsHandlers(deps),
    ...stepHandlers(deps),
    ...activityHandlers(deps),
    ...systemHandlers(deps, facts),
    ...doctorHandlers(deps, facts),
  };
}

// Most starts never need the Doctor.
function doctorHandlers(deps: ApiDeps, facts: SystemFacts): Pick<Handlers, DoctorMethod> {
  let loaded: Promise<Pick<Handlers, DoctorMethod>> | null = null;
  const load = (): Promise<Pick<Handlers, DoctorMethod>> =>
    (loaded ??= import('./doctor.ts').then((doctor) => doctor.doctorHandlers(deps, facts)));
  return {
    'doctor.check': async (input, context) => (await load())['doctor.check'](input, context),
    'doctor.repair': async (input, context) => (await load())['doctor.repair'](input, context),
  };
}

// The shapes of agent files are many; they are made when the first file comes or goes, not at every start.
function transferHandlers(deps: ApiDeps): Pick<Handlers, TransferMethod> {
  const load = async (): Promise<Pick<Handlers, TransferMethod>> =>
    (await import('./transfer.ts')).transferHandlers(deps);
  return {
    'agents.export': async (input, context) => (await load())['agents.export'](input, context),
    'agents.inspect': async (input, context) => (await load())['agents.inspect'](input, context),
    'agents.import': async (input, context) => (await load())['agents.import'](input, context),
  };
}
