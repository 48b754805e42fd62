import { join } from 'node:path';
import type { OutputOf } from '../../shared/contract/index.ts';
import { type Backend, openBackend } from '../../electron/backend.ts';
import { system_timers, type Timers } from '../../electron/models/timers.ts';
import { asksForSummary } from '../agent/compaction/talk.ts';
import {
  type AnthropicAnswer,
  anthropicFault,
  type AnthropicRequest,
  startScriptedAnthropic,
} from '../helpers/scripted-anthropic.ts';
import { type ScriptedAnswer, type ScriptedRequest, startScriptedModel } from '../helpers/scripted-openai.ts';
import { chatFaults } from '../helpers/strict-chat.ts';
import { FAULT_LIMITS, type ModelFault } from './model-faults.ts';

/** A fault for either dialect. */
export type AnyFault =
  | { readonly dialect: 'chat'; readonly fault: ModelFault<ScriptedAnswer> }
  | { readonly dialect: 'anthropic'; readonly fault: ModelFault<AnthropicAnswer> };

/** How the servers behave where nothing is wrong. */
export type WellBehaved = {
  readonly chat: (request: ScriptedRequest) => ScriptedAnswer;
  readonly anthropic: (request: AnthropicRequest) => AnthropicAnswer;
  readonly summary: (request: ScriptedRequest) => ScriptedAnswer;
};

/** Memoir on two hostile servers. */
export type HostileHome = {
  readonly call: Backend['call'];
  readonly subscribe: Backend['subscribe'];
  /** From its `at`th request on, a talk meets a fault; `null`: it meets none. */
  readonly plan: (
    conversation_id: string,
    planned: { readonly fault: AnyFault; readonly at: number } | null,
  ) => void;
  /** Whether a talk has met its fault. */
  readonly met: (conversation_id: string) => boolean;
  /** What the strict servers refused, and what they would refuse about the next request of a talk. */
  readonly refusals: string[];
  readonly checkNext: (agent_id: string, conversation_id: string) => Promise<void>;
  /** Closes Memoir in the middle of what it does and opens it again. */
  readonly reopen: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Models by what is strict about their servers; each provider has an address of its own in the environment. */
export const MODELS = {
  plain: 'openai/gpt-4o-mini',
  /** Its templates want roles that alternate. */
  template: 'vllm/strict-template',
  anthropic: 'anthropic/claude-sonnet-4-5',
} as const;

type Planned = { readonly fault: AnyFault; readonly at: number; asked: number; is_met: boolean };

/** Opens Memoir on a folder, on servers that fail as planned. Patience is `haste` times as short as in life. */
export async function openHostileHome(
  folder: string,
  well: WellBehaved,
  haste: number,
): Promise<HostileHome> {
  const plans = new Map<string, Planned>();
  const refusals: string[] = [];
  const silence = { since: Number.NEGATIVE_INFINITY };
  const due = (body: string, dialect: AnyFault['dialect']): ScriptedAnswer | AnthropicAnswer | null => {
    const plan = plans.get(conversationOf(body));
    if (plan === undefined || plan.fault.dialect !== dialect) return null;
    const nth = plan.asked - plan.at;
    plan.asked += 1;
    const { fault } = plan.fault;
    if (nth < 0 || nth >= fault.lasts) return null;
    plan.is_met = true;
    const answer = fault.answer(nth);
    if (isSilent(answer)) silence.since = Date.now();
    return answer;
  };
  const chat = await startScriptedModel(
    (request) => {
      if (asksForSummary(request)) {
        const answer = well.summary(request);
        if (isSilent(answer)) silence.since = Date.now();
        return answer;
      }
      return (due(request.body, 'chat') as ScriptedAnswer | null) ?? well.chat(request);
    },
    { keeps: false, refuses: (request) => refusalOf(request.body, refusals) },
  );
  const anthropic = await startScriptedAnthropic(
    (request) => (due(request.body, 'anthropic') as AnthropicAnswer | null) ?? well.anthropic(request),
    { keeps: false },
  );
  const open = (): Promise<Backend> =>
    openBackend({
      dataDir: join(folder, 'data'),
      env: {
        OPENAI_API_KEY: 'sk-test',
        OPENAI_BASE_URL: chat.base_url,
        VLLM_BASE_URL: chat.base_url,
        ANTHROPIC_API_KEY: 'sk-ant-canary-0001',
        ANTHROPIC_BASE_URL: anthropic.base_url,
        MEMOIR_CONTEXT_WINDOW: '8192',
      },
      log: () => undefined,
      patience: {
        limits: FAULT_LIMITS,
        timers: hastyTimers(haste, () => Date.now() - silence.since < PATIENCE_MS),
      },
    });
  let backend = await open();
  let is_closed = false;
  const listeners = new Map<Parameters<Backend['subscribe']>[0], () => void>();
  return {
    call: (...asked) => backend.call(...asked),
    subscribe: (listener) => {
      listeners.set(listener, backend.subscribe(listener));
      return () => {
        listeners.get(listener)?.();
        listeners.delete(listener);
      };
    },
    plan: (conversation_id, planned) => {
      if (planned === null) plans.delete(conversation_id);
      else plans.set(conversation_id, { ...planned, asked: 0, is_met: false });
    },
    met: (conversation_id) => plans.get(conversation_id)?.is_met === true,
    refusals,
    checkNext: async (agent_id, conversation_id) => {
      const next = await backend.call('agents.next_request', { agent_id, conversation_id, text: 'And now?' });
      const refusal = refusalOfNext(next);
      if (refusal !== null) refusals.push(`next request of ${conversation_id}: ${refusal}`);
      if (next.problem !== null) refusals.push(`next request of ${conversation_id}: ${next.problem}`);
    },
    reopen: async () => {
      await backend.close();
      backend = await open();
      for (const listener of listeners.keys()) listeners.set(listener, backend.subscribe(listener));
    },
    close: async () => {
      if (is_closed) return;
      is_closed = true;
      await backend.close();
      refusals.push(...anthropic.refusals);
      await chat.close();
      await anthropic.close();
    },
  };
}

function conversationOf(body: string): string {
  return /conv-[\da-f-]{36}/u.exec(body)?.[0] ?? '';
}

function refusalOf(body: string, refusals: string[]): string | null {
  const refusal = chatRefusal(body);
  if (refusal !== null) refusals.push(refusal);
  return refusal;
}

function chatRefusal(body: string): string | null {
  const parsed = JSON.parse(body) as { readonly model?: string };
  const faults = chatFaults(parsed, { alternates: parsed.model === 'strict-template' });
  return faults.length === 0 ? null : faults.map(({ rule, where }) => `${rule}: ${where}`).join('; ');
}

function refusalOfNext({ model, body }: OutputOf<'agents.next_request'>): string | null {
  if (model !== MODELS.anthropic) return chatRefusal(body);
  const parsed = JSON.parse(body) as Omit<AnthropicRequest, 'body'>;
  // Which thoughts the server gave is not known here; that they come back as they were is checked by the server.
  return anthropicFault({ ...parsed, body }, null);
}

function isSilent(answer: ScriptedAnswer | AnthropicAnswer): boolean {
  return (
    ['hang', 'heartbeat', 'pings'].includes(answer.kind) || (answer.kind === 'raw' && answer.ends === 'hang')
  );
}

const PATIENCE_MS = 60_000;
// What comes over a line is read between two slices, so that a machine that stands still is not taken for a silent server.
const SLICES = 10;

/** Waits shortened so many times. Patience with a silent server ends only while one is silent, however slow this machine. */
function hastyTimers(haste: number, isAnySilent: () => boolean): Timers {
  return {
    ...system_timers,
    after: (wait_ms, run) => {
      const slices = wait_ms < PATIENCE_MS ? 1 : SLICES;
      let passed = 0;
      let timer: NodeJS.Timeout | null = null;
      const begin = (): void => {
        timer = setTimeout(
          () => {
            passed += 1;
            if (passed >= slices && (wait_ms < PATIENCE_MS || isAnySilent())) run();
            else begin();
          },
          wait_ms / haste / slices,
        );
      };
      begin();
      return () => {
        if (timer !== null) clearTimeout(timer);
      };
    },
  };
}
