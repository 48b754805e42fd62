import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Client } from '../../shared/client.ts';
import type { Draft, Message, Run, ToolCall } from '../../shared/contract/conversations.ts';
import { toWire } from '../../shared/errors.ts';
import type { Approval, Proposal } from '../../shared/contract/approvals.ts';
import type { MemoirEvent } from '../../shared/events.ts';
import type { MemoryChange } from '../../shared/contract/blocks.ts';
import { createMeanwhile, type Meanwhile } from './meanwhile.ts';
import type { Outgoing, TalkFacts } from './talk-facts.ts';
import {
  applyTalkEvent,
  isAtWork,
  joinDraft,
  mergeMessages,
  placeRun,
  TROUBLED_STATES,
  withToolCalls,
} from './talk-events.ts';

/** The open conversation and what can be done in it. */
export type TalkState = TalkFacts & {
  /** Reads a conversation anew; the one on screen stays until the answer came. */
  readonly open: (conversationId: string | null) => Promise<void>;
  readonly loadOlder: () => Promise<void>;
  /** Reads anew what stands for messages that left the window. */
  readonly loadSummaries: () => Promise<void>;
  /** True once the message is safe on disk; false when it was not sent (see `send_error`): keep the text. */
  readonly send: (text: string, role: 'user' | 'system') => Promise<boolean>;
  readonly unsend: (inboxId: string) => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly resume: (runId: string) => Promise<void>;
  /** Applies an event; those of other conversations change nothing. `now` in ms. */
  readonly apply: (event: MemoirEvent, now: number) => void;
};

/** What the talk needs beside the client. */
export type TalkNeeds = {
  readonly client: Client;
  /** Takes the memory changes and what is or was to be decided that were read together with the messages. */
  readonly putRead: (read: ReadBeside) => void;
  /** Makes the id a message is sent under. */
  readonly newOtid: () => string;
};

/** What is read together with messages and kept elsewhere. */
export type ReadBeside = {
  readonly changes: readonly MemoryChange[];
  readonly approvals: readonly Approval[];
  readonly proposals: readonly Proposal[];
};

const PAGE = 50;

/** Runs without their answer that are told at most, counted from the newest. */
const TROUBLED = 1000;

const EMPTY: TalkFacts = {
  conversation_id: null,
  loaded: false,
  messages: [],
  tool_calls: {},
  has_more: false,
  loading_older: false,
  run: null,
  troubled: {},
  draft: null,
  queue: [],
  outgoing: [],
  waiting: null,
  compacting: null,
  summaries: [],
  thinking: {},
  send_error: null,
};

/** Makes the store of the talk. */
export function createTalkStore(needs: TalkNeeds): StoreApi<TalkState> {
  return createStore<TalkState>()((set, get) => {
    const apply = (event: MemoirEvent, now: number): void =>
      set((state) => applyTalkEvent(state, event, now));
    const news = createMeanwhile<Heard>(({ event, now }) => apply(event, now));
    return {
      ...EMPTY,
      ...reading(needs, news, { set, get }),
      ...acting(needs, set, get),
      // Words that are told twice would stand there twice; a draft that is read is joined with what was heard.
      apply: (event, now) => (event.type === 'message.delta' ? apply(event, now) : news.tell({ event, now })),
    };
  });
}

/** An event, and when it was heard (ms). */
type Heard = { readonly event: MemoirEvent; readonly now: number };

type Setter = StoreApi<TalkState>['setState'];
type Getter = StoreApi<TalkState>['getState'];

function reading(
  { client, putRead }: TalkNeeds,
  news: Meanwhile<Heard>,
  { set, get }: { readonly set: Setter; readonly get: Getter },
): Pick<TalkState, 'open' | 'loadOlder' | 'loadSummaries'> {
  return {
    open: async (conversationId) => {
      if (conversationId !== get().conversation_id) set({ ...EMPTY, conversation_id: conversationId });
      if (conversationId === null) return;
      await news.read(
        () => readTalk(client, conversationId),
        ([page, current, { runs }, { summaries }]) => {
          if (get().conversation_id !== conversationId) return;
          putRead({ ...page, approvals: [...page.approvals, ...current.approvals] });
          set((state) => ({
            ...mergePage(state, page),
            run: current.run,
            troubled: Object.fromEntries(runs.map((run) => [run.id, run])),
            draft: isSaid(state, current.draft) ? null : joinDraft(state.draft, current.draft),
            queue: current.queue,
            compacting: current.compacting,
            summaries,
            loaded: true,
          }));
        },
      );
    },
    loadSummaries: async () => {
      const { conversation_id } = get();
      if (conversation_id === null) return;
      const { summaries } = await client.call('summaries.list', { conversation_id });
      if (get().conversation_id === conversation_id) set({ summaries });
    },
    loadOlder: async () => {
      const { conversation_id, messages, has_more, loading_older } = get();
      const first = messages[0];
      if (conversation_id === null || first === undefined || !has_more || loading_older) return;
      set({ loading_older: true });
      try {
        const page = await client.call('messages.list', {
          conversation_id,
          before_seq: first.seq,
          limit: PAGE,
        });
        if (get().conversation_id !== conversation_id) return;
        putRead(page);
        set((state) => ({
          messages: mergeMessages(state.messages, page.messages),
          tool_calls: withToolCalls(state.tool_calls, page.tool_calls),
          has_more: page.has_more,
        }));
      } finally {
        set({ loading_older: false });
      }
    },
  };
}

function acting(
  needs: TalkNeeds,
  set: Setter,
  get: Getter,
): Pick<TalkState, 'send' | 'unsend' | 'stop' | 'resume'> {
  const { client, newOtid } = needs;
  const place = (run: Run): void =>
    set((state) => (state.conversation_id === run.conversation_id ? placeRun(state, run) : {}));
  return {
    send: async (text, role) => {
      const { conversation_id } = get();
      if (conversation_id === null) return false;
      const outgoing: Outgoing = { otid: newOtid(), role, text };
      const settle = (): void =>
        set((state) => ({ outgoing: state.outgoing.filter((each) => each.otid !== outgoing.otid) }));
      set((state) => ({ outgoing: [...state.outgoing, outgoing], send_error: null }));
      try {
        await client.call('messages.send', { conversation_id, text, role, otid: outgoing.otid });
        settle();
        return true;
      } catch (error) {
        settle();
        set({ send_error: toWire(error) });
        return false;
      }
    },
    unsend: async (inboxId) => {
      await client.call('messages.unsend', { inbox_id: inboxId });
      set((state) => ({ queue: state.queue.filter((each) => each.id !== inboxId) }));
    },
    stop: async () => {
      const { run } = get();
      if (run === null || !isAtWork(run)) return;
      place(await client.call('runs.cancel', { run_id: run.id }));
    },
    resume: async (runId) => place(await client.call('runs.resume', { run_id: runId })),
  };
}

function readTalk(client: Client, conversation_id: string) {
  return Promise.all([
    client.call('messages.list', { conversation_id, limit: PAGE }),
    client.call('runs.current', { conversation_id }),
    client.call('runs.list', { conversation_id, states: [...TROUBLED_STATES], limit: TROUBLED }),
    client.call('summaries.list', { conversation_id }),
  ]);
}

/** Whether the message of a draft came while it was read. */
function isSaid({ messages }: TalkFacts, draft: Draft | null): boolean {
  return messages.some(({ id }) => id === draft?.message_id);
}

type Page = {
  readonly messages: readonly Message[];
  readonly tool_calls: readonly ToolCall[];
  readonly has_more: boolean;
};

/** The newest page beside what is here: when it does not reach what is here, there is a hole, and the page alone stays. */
function mergePage(state: TalkFacts, page: Page): Pick<TalkFacts, 'messages' | 'tool_calls' | 'has_more'> {
  const first = page.messages[0]?.seq ?? 0;
  const meets = state.messages.length > 0 && (state.messages.at(-1)?.seq ?? 0) >= first - 1;
  const older = (state.messages[0]?.seq ?? 0) < first;
  return {
    messages: mergeMessages(meets ? state.messages : [], page.messages),
    tool_calls: withToolCalls(meets ? state.tool_calls : {}, page.tool_calls),
    has_more: meets && older ? state.has_more : page.has_more,
  };
}
