import type { MemoirEvent } from '../../shared/events.ts';
import type { Cause } from '../memory/cause.ts';
import type { ToolSchema } from '../models/model.ts';
import type { Clock } from '../store/clock.ts';
import type { Write } from '../store/database.ts';

/** What a tool is given: the transaction its effects commit in, who calls it and why. */
export type ToolContext = {
  /** Everything written here commits together with the tool's result, or not at all. */
  readonly tx: Write;
  readonly agent_id: string;
  readonly conversation_id: string;
  /** IANA name; dates without a time mean whole days there. */
  readonly timezone: string;
  readonly cause: Cause;
  readonly clock: Clock;
  /** Tells subscribers, once the transaction has committed. */
  readonly emit: (event: MemoirEvent) => void;
};

/**
 * A tool an agent can call. `run` takes arguments already checked against `parameters`. A failure the model can learn
 * from is thrown as an `AppError`: its message goes back as the result with status `error`, and the tool's writes are
 * rolled back.
 */
export type Tool = ToolSchema & {
  /** `none`: reads only. `local`: writes only through `tx`. `external`: reaches beyond the store. */
  readonly effect: 'none' | 'local' | 'external';
  /** A call of this tool ends the turn when it succeeds (`send_message`). */
  readonly terminal: boolean;
  /** Resolves to the text the model is given. */
  readonly run: (args: Readonly<Record<string, unknown>>, context: ToolContext) => Promise<string>;
};
