import type { FilePreview } from '../../shared/contract/transfer.ts';
import { AppError } from '../../shared/errors.ts';
import type { Read } from '../store/database.ts';
import { createPause } from '../store/pause.ts';
import { type AgentFile, parseAgentFile } from './detect.ts';
import { planImport } from './import.ts';
import { warnOfKnownAgents } from './known.ts';
import type { ImportOptions, ImportPlan, PlanOptions } from './plan.ts';
import { fileAgents } from './preview.ts';
import { describeWarnings } from './warnings.ts';

/**
 * Says what an import of a file would make; writes nothing. Throws `unsupported` for what an import would refuse; a
 * backup that only its messages spoil is shown with a warning, since it can be imported without them.
 */
export async function inspectAgentFile(
  read: Read,
  text: string,
  options: Omit<ImportOptions, 'strip_messages'>,
): Promise<FilePreview> {
  const pause = createPause();
  const parsed = await parseAgentFile(text, pause);
  const { plan, spoiled, strip_messages } = await tryPlan(parsed, { ...options, pause });
  const warnings = await describeWarnings(parsed, {
    ...options,
    pause,
    strip_messages,
    repairs: plan.repairs,
  });
  const known = await warnOfKnownAgents(read, parsed);
  return { kind: parsed.kind, agents: fileAgents(parsed), warnings: [...spoiled, ...known, ...warnings] };
}

type Trial = {
  readonly plan: ImportPlan;
  readonly spoiled: readonly string[];
  readonly strip_messages: boolean;
};

async function tryPlan(parsed: AgentFile, options: Omit<PlanOptions, 'strip_messages'>): Promise<Trial> {
  try {
    const plan = await planImport(parsed, { ...options, strip_messages: false });
    return { plan, spoiled: [], strip_messages: false };
  } catch (error) {
    if (!(error instanceof AppError) || error.details?.['usable_without_messages'] !== true) throw error;
    const plan = await planImport(parsed, { ...options, strip_messages: true });
    const spoiled = `Only to be had without its messages: ${String(error.details['reason'])}.`;
    return { plan, spoiled: [spoiled], strip_messages: true };
  }
}
