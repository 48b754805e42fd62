import type { ModelEvent } from '../models/model.ts';
import type { DraftKeeper } from './draft-keeper.ts';
import type { PlannedStep } from './journal-record.ts';
import type { ActiveRun, RuntimeDeps } from './runtime-deps.ts';

type Part = 'text' | 'reasoning';
type SpokenCall = { readonly name: string; arguments: string; said: string };

/**
 * Tells of an answer while it is written, and has it saved. For an agent that speaks by tool, free text is a thought and what streams
 * into the `message` of `send_message` is the speech.
 */
export function createDraft(
  deps: Pick<RuntimeDeps, 'emit'>,
  active: ActiveRun,
  { speaks_by_tool, keeper }: { readonly speaks_by_tool: boolean; readonly keeper: DraftKeeper },
): (step: PlannedStep, event: ModelEvent) => void {
  const calls = new Map<string, SpokenCall>();
  const { id: run_id, conversation_id } = active.run;
  const tell = ({ id: step_id, message_id }: PlannedStep, part: Part, delta: string): void => {
    const draft =
      active.draft?.message_id === message_id
        ? active.draft
        : { run_id, message_id, text: '', reasoning: '' };
    const { text, reasoning } = (active.draft = { ...draft, [part]: draft[part] + delta });
    keeper.hear({ message_id, step_id, text, reasoning });
    deps.emit({ type: 'message.delta', run_id, conversation_id, message_id, step_id, part, delta });
  };
  return (step, event) => {
    if (event.type === 'waiting') {
      const { wait_ms, reason } = event;
      deps.emit({ type: 'run.waiting', run_id, conversation_id, wait_ms, reason });
    } else if (event.type === 'text' || event.type === 'reasoning') {
      tell(step, speaks_by_tool ? 'reasoning' : event.type, event.delta);
    } else if (event.type === 'tool_call' && speaks_by_tool) {
      const delta = speechIn(calls, `${step.id} ${event.index}`, event);
      if (delta !== '') tell(step, 'text', delta);
    }
  };
}

/** The words a piece of a call adds to what is said. */
function speechIn(
  calls: Map<string, SpokenCall>,
  key: string,
  piece: Extract<ModelEvent, { type: 'tool_call' }>,
): string {
  const call = calls.get(key) ?? { name: piece.name, arguments: '', said: '' };
  calls.set(key, call);
  if (call.name !== 'send_message') return '';
  call.arguments += piece.delta;
  const said = messageSoFar(call.arguments);
  const delta = said.slice(call.said.length);
  call.said = said;
  return delta;
}

const MESSAGE = /"message"\s*:\s*"((?:[^"\\]|\\(?:["\\/bfnrt]|u[\da-f]{4}))*)/iu;

// The arguments are JSON still being written; what is not yet a whole character waits for its rest.
function messageSoFar(text: string): string {
  const written = MESSAGE.exec(text)?.[1];
  if (written === undefined) return '';
  try {
    return (JSON.parse(`"${written}"`) as string).replace(/[\uD800-\uDBFF]$/u, '');
  } catch {
    // A raw line break in a string is no JSON; the whole answer will say so.
    return '';
  }
}
