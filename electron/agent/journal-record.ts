import type { Run } from '../../shared/contract/conversations.ts';
import type { AppError } from '../../shared/errors.ts';
import type { MemoirEvent } from '../../shared/events.ts';
import type {
  Exchange,
  Model,
  ModelRegistry,
  ModelRequest,
  ModelResponse,
  ModelToolCall,
} from '../models/model.ts';
import type { Timers } from '../models/timers.ts';
import type { AgentRecord } from '../store/agents.ts';
import type { Clock } from '../store/clock.ts';
import type { Database } from '../store/database.ts';
import type { RunEnd } from '../store/runs.ts';
import type { ToolCallRecord } from '../store/tool-calls.ts';
import type { KnownMessages } from '../store/window-messages.ts';
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
  /** Its number in the run, from 1. */
  readonly ord: number;
  readonly request: ModelRequest;
};

/** What to do with a call now. */
export type CallVerdict =
  /** Runs, with the arguments of a person instead of the model's when there are any. */
  | { readonly kind: 'run'; readonly edited: Readonly<Record<string, unknown>> | null }
  /** Does not run; `reason` is its result. */
  | { readonly kind: 'refuse'; readonly reason: string }
  /** A client ran it and gave this. */
  | { readonly kind: 'give'; readonly ok: boolean; readonly text: string }
  /** Nobody has decided yet. */
  | { readonly kind: 'wait' };

/** A call and what to do with it. */
export type JudgedCall = { readonly call: JournalCall; readonly verdict: CallVerdict };

/** The calls without a result of a step that goes on. */
export type OpenCalls = {
  readonly calls: readonly JudgedCall[];
  /** A call of the step ended the turn already. */
  readonly said: boolean;
};

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
  /** It changes nothing and says nothing, so it need not wait for the calls before it. */
  readonly reads_only: boolean;
};

/**
 * The record of a run: each method is one transaction, and tells of it only after its commit. The last step is closed
 * with the run.
 */
export type Journal = {
  /** Closes the step before and compiles the next request, in a window made to fit. Throws `model_overflow`. */
  readonly plan: (ord: number) => Promise<PlannedStep>;
  readonly sent: (step: PlannedStep) => Promise<void>;
  /** Notes when the first piece of the answer came; nothing is written before the answer is. */
  readonly began: (step: PlannedStep) => void;
  /**
   * Keeps the answer and its calls, before any of them runs, and asks for what needs asking. `refuse` gives the reason
   * why a call may not run. Resolves to the calls, ids made unique.
   */
  readonly received: (
    step: PlannedStep,
    got: {
      readonly answer: Answer;
      readonly response: ModelResponse;
      readonly refuse: (call: ModelToolCall) => string | null;
    },
  ) => Promise<JudgedCall[]>;
  /** Keeps what came of an answer that was cut, marked interrupted. */
  readonly cut: (step: PlannedStep, cut: CutAnswer) => Promise<void>;
  /**
   * Keeps a request that the server refused for its length, and makes the window smaller. Throws `model_overflow` when
   * nothing can be taken away.
   */
  readonly overflowed: (step: PlannedStep, exchange: Exchange | null, refusal: AppError) => Promise<void>;
  /** Runs a call; its effects, versions, result and state commit together. */
  readonly runTool: (
    call: JournalCall,
    verdict: Exclude<CallVerdict, { kind: 'wait' }>,
  ) => Promise<ToolOutcome>;
  /** The calls of this run that have no result yet, as they were decided. */
  readonly openCalls: () => Promise<OpenCalls>;
  /** Lets the run wait, unless nothing needs it (`force`: even then). `null`: all is decided, go on. */
  readonly pause: (force: boolean) => Promise<Run | null>;
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
  readonly known: KnownMessages;
  readonly agent: AgentRecord;
  readonly model: Model;
  /** The agent's tools, in its order, and those of the client behind them. */
  readonly tools: readonly Tool[];
  /** Names of the tools the client runs itself. */
  readonly client_tools: ReadonlySet<string>;
  /** Hears when calls were asked for, after the commit. */
  readonly onAsked: () => void;
  /** Hears that room is being made, and that it no longer is. */
  readonly onRoom: (is_made: boolean) => void;
  /** Where the model that writes summaries is found. */
  readonly models: ModelRegistry;
  /** For patience with that model. Default: real time. */
  readonly timers?: Timers;
  /** Stops what takes time. */
  readonly signal: AbortSignal;
};
