import type { Run } from '../../shared/contract/conversations.ts';
import type { MemoirEvent } from '../../shared/events.ts';
import type { Exchange, Model, ModelRequest, ModelResponse } from '../models/model.ts';
import type { AgentRecord } from '../store/agents.ts';
import type { Clock } from '../store/clock.ts';
import type { Database } from '../store/database.ts';
import type { RunEnd } from '../store/runs.ts';
import type { ToolCallRecord } from '../store/tool-calls.ts';
import type { Tool } from '../tools/tool.ts';
import type { Answer } from './answer.ts';
import type { Wording } from './pairing.ts';

/** What became of a call. */
export type ToolOutcome = { readonly ok: boolean; readonly terminal: boolean };

/** A step that is written down and about to be asked. */
export type PlannedStep = {
  readonly id: string;
  /** Id the assistant's message will have. */
  readonly message_id: string;
  readonly request: ModelRequest;
};

/** Whether a call may run. A refused one gets `reason` as its result. */
export type CallVerdict = { readonly kind: 'run' } | { readonly kind: 'refuse'; readonly reason: string };

/** What came of an answer that failed or was stopped. */
export type CutAnswer = {
  readonly answer: Answer;
  /** `null` when nothing was sent. */
  readonly exchange: Exchange | null;
  readonly end: RunEnd;
};

/** A call with its stored row. */
export type JournalCall = ToolCallRecord & {
  readonly arguments: string;
  /** What the model thought or said while it called, shortened; the reason of what the call changes. */
  readonly reason: string | null;
};

/**
 * The record of a run: each method is one transaction, and tells of it only after its commit. The last step is closed
 * with the run.
 */
export type Journal = {
  /** Closes the step before and compiles the next request. Throws `model_overflow`. */
  readonly plan: (ord: number) => Promise<PlannedStep>;
  readonly sent: (step: PlannedStep) => Promise<void>;
  /** Keeps the answer and its calls, before any of them runs. Resolves to the calls, ids made unique. */
  readonly received: (step: PlannedStep, answer: Answer, response: ModelResponse) => Promise<JournalCall[]>;
  /** Keeps what came of an answer that was cut, marked interrupted. */
  readonly cut: (step: PlannedStep, cut: CutAnswer) => Promise<void>;
  /** Runs a call; its effects, versions, result and state commit together. */
  readonly runTool: (step: PlannedStep, call: JournalCall, verdict: CallVerdict) => Promise<ToolOutcome>;
};

/** What a journal writes with and for. */
export type JournalDeps = {
  readonly database: Database;
  readonly clock: Clock;
  /** Takes one line without personal content. */
  readonly log: (line: string) => void;
  readonly emit: (event: MemoirEvent) => void;
  readonly run: Run;
  readonly wording: Wording;
  readonly agent: AgentRecord;
  readonly model: Model;
  /** The agent's tools, in its order. */
  readonly tools: readonly Tool[];
};
