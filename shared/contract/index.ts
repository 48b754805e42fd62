import type { z } from 'zod';
import { activity_methods } from './activity.ts';
import { agent_state_methods } from './agent-states.ts';
import { agent_methods } from './agents.ts';
import { approval_methods } from './approvals.ts';
import { archive_methods } from './archive.ts';
import { block_methods } from './blocks.ts';
import { branch_methods } from './branches.ts';
import { context_methods } from './context.ts';
import { conversation_methods } from './conversations.ts';
import { diagnosis_methods } from './diagnosis.ts';
import { doctor_methods } from './doctor.ts';
import { provider_methods } from './providers.ts';
import { settings_methods } from './settings.ts';
import { step_methods } from './steps.ts';
import { summary_methods } from './summaries.ts';
import { system_methods } from './system.ts';
import { transfer_methods } from './transfer.ts';

/** Every method of Memoir by name: one list for IPC, HTTP and in-process callers. */
export const contract = {
  ...agent_methods,
  ...agent_state_methods,
  ...block_methods,
  ...context_methods,
  ...conversation_methods,
  ...branch_methods,
  ...approval_methods,
  ...summary_methods,
  ...archive_methods,
  ...provider_methods,
  ...transfer_methods,
  ...settings_methods,
  ...step_methods,
  ...activity_methods,
  ...system_methods,
  ...diagnosis_methods,
  ...doctor_methods,
};

/** The contract's type. */
export type Contract = typeof contract;
/** Name of a method, e.g. `blocks.update`. */
export type MethodName = keyof Contract;
/** What a caller passes (defaults may be left out). */
export type InputOf<Name extends MethodName> = z.input<Contract[Name]['input']>;
/** What an implementation receives (defaults filled in). */
export type ParsedInputOf<Name extends MethodName> = z.output<Contract[Name]['input']>;
/** What a method answers. */
export type OutputOf<Name extends MethodName> = z.output<Contract[Name]['output']>;
