import type { Run } from '../../../shared/contract/conversations.ts';
import { countTokens } from '../../../electron/models/tokens.ts';
import { systemClock } from '../../../electron/store/clock.ts';
import { appendMessage } from '../../../electron/store/messages.ts';
import type { AgentRecord } from '../../../electron/store/agents.ts';
import type { Summary } from '../../../shared/contract/summaries.ts';
import { listSummaries } from '../../../electron/store/summaries.ts';
import { listWindow, type WindowItem } from '../../../electron/store/window.ts';
import type { ScriptedAnswer, ScriptedRequest } from '../../helpers/scripted-openai.ts';
import { setStage, type Stage } from '../stage.ts';
import { words } from './window-items.ts';

/** Whether a request asks for a summary rather than for an answer. */
export function asksForSummary(request: ScriptedRequest): boolean {
  const first = request.messages[0]?.content ?? '';
  const last = request.messages.at(-1)?.content ?? '';
  return first.startsWith('Write a summary') || last.startsWith('<summary_request>');
}

/** A small window, so that a dozen turns fill it. */
export const SMALL: Partial<AgentRecord> = { context_window_limit: 4096, system: 'Be brief.' };

/** A stage whose server answers `say` in the talk and `sumUp` when it is asked for a summary. */
export async function setTalk(
  sumUp: (request: ScriptedRequest, count: number) => ScriptedAnswer,
  options: Partial<AgentRecord> = {},
  say: (request: ScriptedRequest, index: number) => ScriptedAnswer = () => ({
    kind: 'text',
    text: words(300, 3),
  }),
): Promise<Stage> {
  let count = 0;
  return setStage(
    (request, index) => {
      if (!asksForSummary(request)) return say(request, index);
      count += 1;
      return sumUp(request, count);
    },
    { ...SMALL, ...options },
  );
}

/** Says something and waits for the end of its run. */
export async function ask(stage: Stage, text: string): Promise<Run> {
  const { inbox_id } = await stage.runtime.send(stage.conversation_id, { text, otid: crypto.randomUUID() });
  return stage.runtime.waitFor(inbox_id);
}

/** Talks until there is a summary in the window, at most so many turns. Answers how many it took. */
export async function talkUntilCompacted(stage: Stage, most = 40): Promise<number> {
  for (let turn = 1; turn <= most; turn += 1) {
    const run = await ask(stage, `Turn ${turn}: ${words(500, turn)}`);
    if (run.state !== 'completed')
      throw new Error(`Turn ${turn} ended ${run.state}: ${run.error?.message ?? ''}`);
    if ((await summaries(stage)).length > 0) return turn;
  }
  throw new Error('The window was never compacted.');
}

/** The summaries of the talk, the newest first. */
export function summaries(stage: Stage): Promise<Summary[]> {
  return listSummaries(stage.database.read, stage.conversation_id);
}

/** What the model sees. */
export function windowOfTalk(stage: Stage): Promise<WindowItem[]> {
  return listWindow(stage.database.read, stage.conversation_id);
}

/** Adds a message to the history that is not in the window, as an import does. */
export async function addOutside(stage: Stage, role: 'user' | 'assistant', text: string): Promise<void> {
  await stage.database.transaction((tx) =>
    appendMessage(tx, {
      id: systemClock.newId('message'),
      conversation_id: stage.conversation_id,
      agent_id: stage.agent.id,
      role,
      name: null,
      content: [{ type: 'text', text }],
      text,
      tool_calls: [],
      tool_call_id: null,
      tool_status: null,
      otid: null,
      run_id: null,
      step_id: null,
      status: 'complete',
      token_count: countTokens(text),
      model: null,
      timezone: 'UTC',
      created_at: systemClock.now(),
      in_window: false,
    }),
  );
}
