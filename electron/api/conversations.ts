import type { Conversation } from '../../shared/contract/conversations.ts';
import type { MethodName } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { searchConversation } from '../memory/recall.ts';
import { summaryText } from '../agent/compaction/prompt.ts';
import { readAgent } from '../store/agents.ts';
import { listApprovalsOfMessages, toApproval } from '../store/approvals.ts';
import { insertBranch, type NewBranch } from '../store/branches.ts';
import {
  deleteConversation,
  insertConversation,
  listConversations,
  readConversation,
  updateConversation,
} from '../store/conversations.ts';
import type { Write } from '../store/database.ts';
import { listChangesForMessages } from '../store/memory-changes.ts';
import { listMessages, listMessagesByIds } from '../store/messages.ts';
import { listProposalsOfMessages } from '../store/proposals.ts';
import { listRuns, readRun } from '../store/runs.ts';
import { readSentMessage } from '../store/sent-messages.ts';
import { listToolCallsOfMessages } from '../store/tool-calls.ts';
import type { BranchMethod } from './branches.ts';
import type { ApiDeps } from './deps.ts';
import type { Handlers } from './dispatch.ts';
import type { WindowMethod } from './windows.ts';

type ThreadMethod = Exclude<Extract<MethodName, `conversations.${string}`>, WindowMethod | BranchMethod>;
type MessageMethod = Exclude<Extract<MethodName, `messages.${string}`>, BranchMethod>;
type TalkMethod = ThreadMethod | MessageMethod | Extract<MethodName, `runs.${string}`>;

/** The talk: conversations, messages and the runs that answer them. */
export function conversationHandlers(deps: ApiDeps): Pick<Handlers, TalkMethod> {
  return { ...threadHandlers(deps), ...messageHandlers(deps), ...runHandlers(deps) };
}

function threadHandlers({ database, clock, emit, runtime }: ApiDeps): Pick<Handlers, ThreadMethod> {
  return {
    'conversations.list': async ({ agent_id }) => {
      await readAgent(database.read, agent_id);
      return { conversations: await listConversations(database.read, agent_id) };
    },
    'conversations.create': async ({ agent_id, title = '', branch_of }) => {
      const conversation = await database.transaction(async (tx) => {
        await readAgent(tx, agent_id);
        const fresh = { id: clock.newId('conv'), agent_id, title, now: clock.now() };
        return branch_of === undefined
          ? insertConversation(tx, { ...fresh, is_default: false })
          : continueTalk(tx, { ...fresh, conversation_id: branch_of });
      });
      emit({ type: 'conversation.changed', conversation });
      return conversation;
    },
    'conversations.update': async (edit) => {
      const conversation = await database.transaction((tx) =>
        updateConversation(tx, { ...edit, now: clock.now() }),
      );
      emit({ type: 'conversation.changed', conversation });
      return conversation;
    },
    'conversations.delete': async ({ conversation_id }) => {
      const { agent_id } = await readConversation(database.read, conversation_id);
      await runtime.setAside({
        conversation_ids: [conversation_id],
        remove: (tx) => deleteConversation(tx, conversation_id, clock.now()),
        busy: 'The agent is still answering here. Stop it first. Nothing was deleted.',
      });
      emit({ type: 'conversation.deleted', conversation_id, agent_id });
      return {};
    },
  };
}

/** A branch that begins with all of a talk. */
async function continueTalk(
  tx: Write,
  fresh: Omit<NewBranch, 'fork_seq' | 'summaryText'>,
): Promise<Conversation> {
  const { agent_id, message_count } = await readConversation(tx, fresh.conversation_id);
  if (agent_id !== fresh.agent_id) {
    throw new AppError('not_found', 'This agent has no such conversation. Nothing was made.', {
      details: { conversation_id: fresh.conversation_id },
    });
  }
  return insertBranch(tx, { ...fresh, fork_seq: message_count, summaryText });
}

function messageHandlers({
  database,
  runtime,
}: ApiDeps): Pick<Handlers, Exclude<Extract<MethodName, `messages.${string}`>, BranchMethod>> {
  return {
    'messages.list': async (page) => {
      await readConversation(database.read, page.conversation_id);
      const { messages, has_more } = await listMessages(database.read, page);
      const ids = messages.map((message) => message.id);
      return {
        messages,
        has_more,
        tool_calls: await listToolCallsOfMessages(database.read, ids),
        changes: await listChangesForMessages(database.read, page.conversation_id, ids),
        approvals: (await listApprovalsOfMessages(database.read, ids)).map(toApproval),
        proposals: await listProposalsOfMessages(database.read, ids),
      };
    },
    'messages.send': async ({ conversation_id, ...message }) => runtime.send(conversation_id, message),
    'messages.sent': async (sent) => {
      const { agent_id } = await readConversation(database.read, sent.conversation_id);
      await readAgent(database.read, agent_id);
      return readSentMessage(database.read, sent);
    },
    'messages.unsend': async ({ inbox_id }) => {
      await runtime.unsend(inbox_id);
      return {};
    },
    'messages.search': async ({ agent_id, query, limit }) => {
      const { timezone } = await readAgent(database.read, agent_id);
      const found = await searchConversation(database.read, { agent_id, query, limit, timezone });
      const messages = await listMessagesByIds(
        database.read,
        found.map((hit) => hit.id),
      );
      const byId = new Map(messages.map((message) => [message.id, message]));
      return { messages: found.flatMap((hit) => byId.get(hit.id) ?? []) };
    },
  };
}

function runHandlers({ database, runtime }: ApiDeps): Pick<Handlers, Extract<MethodName, `runs.${string}`>> {
  return {
    'runs.current': async ({ conversation_id }) => {
      await readConversation(database.read, conversation_id);
      return runtime.current(conversation_id);
    },
    'runs.list': async (query) => {
      await readConversation(database.read, query.conversation_id);
      return { runs: await listRuns(database.read, query) };
    },
    'runs.get': async ({ run_id }) => readRun(database.read, run_id),
    'runs.cancel': async ({ run_id }) => runtime.cancel(run_id),
    'runs.resume': async ({ run_id }) => runtime.resume(run_id),
  };
}
