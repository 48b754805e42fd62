import type { MethodName } from '../../shared/contract/index.ts';
import { readConversation } from '../store/conversations.ts';
import { listSummaries, readSummary } from '../store/summaries.ts';
import { listMessagesIn } from '../store/window-history.ts';
import type { ApiDeps } from './deps.ts';
import type { Handlers } from './dispatch.ts';

/** Methods about the window of a talk: what fills it, what left it, what comes next. */
export type WindowMethod =
  | Extract<MethodName, `summaries.${string}`>
  | 'conversations.compact'
  | 'conversations.compact_preview'
  | 'conversations.cancel_compaction'
  | 'agents.context'
  | 'agents.next_request'
  | 'agents.compare_request'
  | 'agents.simulate';

/** The window: looking at it, making it smaller, putting back what left it. */
export function windowHandlers({ database, runtime }: ApiDeps): Pick<Handlers, WindowMethod> {
  const { windows } = runtime;
  return {
    'agents.context': async (place) => windows.overview(place),
    'agents.next_request': async (place) => windows.nextRequest(place),
    'agents.compare_request': async (asked) => windows.compare(asked),
    'agents.simulate': async (asked) => windows.simulate(asked),
    'conversations.compact': async (asked) => windows.compact(asked),
    'conversations.cancel_compaction': async ({ conversation_id }) => {
      await readConversation(database.read, conversation_id);
      return { cancelled: windows.cancel(conversation_id) };
    },
    'conversations.compact_preview': async (asked) => ({ effect: await windows.preview(asked) }),
    'summaries.list': async ({ conversation_id }) => {
      await readConversation(database.read, conversation_id);
      return { summaries: await listSummaries(database.read, conversation_id) };
    },
    'summaries.messages': async ({ summary_id, before_seq, limit }) => {
      const summary = await readSummary(database.read, summary_id);
      const { conversation_id, covers_from_seq: from_seq, covers_to_seq } = summary;
      const to_seq = Math.min(covers_to_seq, (before_seq ?? Infinity) - 1);
      return listMessagesIn(database.read, { conversation_id, from_seq, to_seq }, limit);
    },
    'summaries.expand': async (asked) => windows.expand(asked),
  };
}
