import { LOST_RESULT } from '../agent/pairing.ts';
import { appendToolResult } from '../agent/tool-step.ts';
import { closeCallRows } from '../store/checkup/open-work.ts';
import { selectRows } from '../store/checkup/look.ts';
import type { TalkHome, WalkedMessage } from '../store/checkup/talk-rows.ts';
import type { Theatre } from './damage.ts';

/** A call without a result. */
type OpenCall = {
  readonly message: Pick<WalkedMessage, 'id' | 'seq' | 'run_id' | 'step_id'>;
  readonly tool_call_id: string;
  readonly name: string;
};

/**
 * Gives a call the result it lacks: at the end of the history, which is never rewritten, and behind the call in the
 * window. `null` when it has one meanwhile.
 */
export async function answerCall(
  { tx, look, deps, now, touched }: Theatre,
  home: Pick<TalkHome, 'id' | 'agent_id'>,
  { message, tool_call_id, name }: OpenCall,
): Promise<string | null> {
  const [answered] = selectRows(
    look,
    `select 1 from message where conversation_id = ? and role = 'tool' and tool_call_id = ? and seq > ?`,
    home.id,
    tool_call_id,
    message.seq,
  );
  const [agent] = selectRows(look, 'select id, timezone from agent where id = ?', home.agent_id);
  if (answered !== undefined || agent === undefined) return null;
  const { id, timezone } = agent as { id: string; timezone: string };
  const run = { id: message.run_id, conversation_id: home.id };
  const said = { call: { tool_call_id, name, step_id: message.step_id }, text: LOST_RESULT, ok: false };
  const result = await appendToolResult(tx, { run, agent: { id, timezone }, clock: deps.clock }, said);
  const end = {
    message_id: message.id,
    tool_call_id,
    result: LOST_RESULT,
    result_message_id: result.id,
    now,
  };
  await closeCallRows(tx, end);
  touched.add(home.id);
  return `The call of ${name} in message ${message.seq} got a result: ${LOST_RESULT}`;
}
