import type { Message, Run } from '../../shared/contract/conversations.ts';
import type { MemoirEvent } from '../../shared/events.ts';
import type { HostileHome } from './model-home.ts';

/** A conversation under watch. */
export type WatchedTalk = {
  readonly agent_id: string;
  readonly conversation_id: string;
  /** Answers of which pieces were heard, by the id of their message. */
  readonly heard: Map<string, { text: string; reasoning: string }>;
  /** Hears the events of the talk. */
  readonly onEvent: (listener: (event: MemoirEvent) => void) => () => void;
  /**
   * Resolves once nothing runs and nothing waits in the queue; `decide` is asked whenever a run waits for a decision.
   * `null` when nothing happened in so many looks, one a second: it is stuck. Counted in looks, not in time, so that a
   * machine that stands still is no finding.
   */
  readonly rest: (decide: () => Promise<void>, most_looks: number) => Promise<Run | null>;
  /** What of the heard pieces the history does not hold, and how it differs. */
  readonly lostPieces: () => Promise<string[]>;
};

const LOOK_MS = 1000;

/** Watches a conversation from now on. */
export function watchTalk(home: HostileHome, agent_id: string, conversation_id: string): WatchedTalk {
  const heard: WatchedTalk['heard'] = new Map();
  const listeners = new Set<(event: MemoirEvent) => void>();
  let count = 0;
  let wake = (): void => undefined;
  home.subscribe(({ event }) => {
    if (conversationOf(event) !== conversation_id) return;
    if (event.type === 'message.delta') {
      const piece = heard.get(event.message_id) ?? { text: '', reasoning: '' };
      heard.set(event.message_id, { ...piece, [event.part]: piece[event.part] + event.delta });
    } else {
      count += 1;
      wake();
    }
    for (const listener of listeners) listener(event);
  });
  const next = async (known: number, patience_ms: number): Promise<void> => {
    if (count !== known) return;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => resolve(undefined), patience_ms);
    wake = () => resolve(undefined);
    await promise;
    clearTimeout(timer);
  };
  return {
    agent_id,
    conversation_id,
    heard,
    onEvent: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    rest: async (decide, most_looks) => {
      for (let looks = 0; looks < most_looks; looks += 1) {
        const known = count;
        const { run, queue } = await home.call('runs.current', { conversation_id });
        if (run?.state === 'waiting') await decide();
        else if (run !== null && run.state !== 'running' && queue.length === 0) return run;
        await next(known, LOOK_MS);
        if (count !== known) looks = 0;
      }
      return null;
    },
    lostPieces: async () => {
      if (heard.size === 0) return [];
      const messages = await historyOf(home, conversation_id, 60);
      const found = [...heard].flatMap(([id, piece]) => {
        const message = messages.find((candidate) => candidate.id === id);
        if (message === undefined) return [`${id} is not there: ${JSON.stringify(piece)}`];
        const has_text = message.text.includes(stored(piece.text));
        const has_thought = wordsOf(message).includes(stored(piece.reasoning));
        return has_text && has_thought ? [] : [`${id} lost words: ${JSON.stringify(piece)}`];
      });
      heard.clear();
      return found;
    },
  };
}

/** The newest messages of a talk, oldest first, or those before a number. */
export async function historyOf(
  home: HostileHome,
  conversation_id: string,
  limit: number,
  before_seq?: number,
): Promise<Message[]> {
  const page = { conversation_id, limit, ...(before_seq === undefined ? {} : { before_seq }) };
  const { messages } = await home.call('messages.list', page);
  return messages;
}

/** All of a message, thoughts as well. */
function wordsOf({ content }: Message): string {
  return content
    .map((part) => ('reasoning' in part ? String(part.reasoning) : 'text' in part ? String(part.text) : ''))
    .join('');
}

/** Text as the store gives it back: half a character is none. */
function stored(text: string): string {
  return text.toWellFormed();
}

function conversationOf(event: MemoirEvent): string | null {
  if ('conversation_id' in event) return event.conversation_id;
  if ('run' in event) return event.run.conversation_id;
  if ('message' in event) return event.message.conversation_id;
  if ('approval' in event) return event.approval.conversation_id;
  return null;
}
