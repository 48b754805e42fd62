import type { Message } from '../../shared/contract/conversations.ts';
import type { MethodName, OutputOf, ParsedInputOf } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { summaryText } from '../agent/compaction/prompt.ts';
import { putSent, type SendInput } from '../agent/send.ts';
import { listEffects, type Reverted, revertEffects } from '../memory/effects.ts';
import { eventsOfUndo } from '../memory/events.ts';
import { listWindowIds } from '../store/agent-states.ts';
import { readAgent } from '../store/agents.ts';
import { findBranchOf, insertBranch } from '../store/branches.ts';
import { listTrashedConversations, readConversation, restoreConversation } from '../store/conversations.ts';
import type { Write } from '../store/database.ts';
import { readInbox } from '../store/inbox.ts';
import { readMessageOfTalk, titleOf } from '../store/messages.ts';
import { readLastRun } from '../store/runs.ts';
import { readTalk } from '../store/talk.ts';
import { type ApiDeps, editContext, toAgent } from './deps.ts';
import type { CallContext, Handlers } from './dispatch.ts';

/** The methods of branches, forks, and talk put aside. */
export type BranchMethod = Extract<
  MethodName,
  | 'conversations.branch'
  | 'conversations.fork'
  | 'conversations.get'
  | 'conversations.fork_preview'
  | 'conversations.restore'
  | 'conversations.trash'
  | 'messages.effects'
>;

/** Other ways a talk could have gone, what it did to memory, and conversations in the trash. */
export function branchHandlers(deps: ApiDeps): Pick<Handlers, BranchMethod> {
  const { database, clock, emit } = deps;
  return {
    'conversations.get': async ({ conversation_id }) => ({
      conversation: await readConversation(database.read, conversation_id),
      window_ids: await listWindowIds(database.read, conversation_id),
    }),
    'conversations.branch': async (input, context) => branch(deps, input, context),
    'conversations.fork': async (input) => forkWithMemory(deps, input),
    'conversations.fork_preview': async (input) => {
      const { agent_id } = await readConversation(database.read, input.conversation_id);
      await readAgent(database.read, agent_id);
      const { previewFork } = await import('../agentfile/fork-preview.ts');
      return previewFork(database, input);
    },
    'conversations.trash': async ({ agent_id }) => {
      await readAgent(database.read, agent_id);
      return { conversations: await listTrashedConversations(database.read, agent_id) };
    },
    'conversations.restore': async ({ conversation_id }) => {
      const conversation = await database.transaction(async (tx) => {
        const restored = await restoreConversation(tx, conversation_id, clock.now());
        await readAgent(tx, restored.agent_id);
        return restored;
      });
      emit({ type: 'conversation.changed', conversation });
      // What still waited when it was deleted is answered now.
      await deps.runtime.answerWaiting(conversation_id);
      return conversation;
    },
    'messages.effects': async (part, context) => {
      const { agent_id } = await readConversation(database.read, part.conversation_id);
      return { effects: await listEffects(database, part, editContext(deps, context, agent_id)) };
    },
  };
}

type BranchInput = ParsedInputOf<'conversations.branch'>;
type Branched = {
  readonly conversation_id: string;
  readonly inbox_id: string;
  readonly reverted: Reverted;
};

async function branch(
  deps: ApiDeps,
  input: BranchInput,
  context: CallContext,
): Promise<OutputOf<'conversations.branch'>> {
  const { database, emit, runtime } = deps;
  const made = await database.transaction((tx) => makeBranch(tx, deps, { input, context }));
  const { conversation_id, inbox_id, reverted } = made;
  const conversation = await readConversation(database.read, conversation_id);
  emit({ type: 'conversation.changed', conversation });
  for (const event of reverted.undone.flatMap(eventsOfUndo)) emit(event);
  await runtime.answerWaiting(conversation_id);
  return { conversation, inbox_id, reverted: [...reverted.report] };
}

async function assertIdle(tx: Write, conversation_id: string): Promise<void> {
  const run = await readLastRun(tx, conversation_id);
  if (run?.state !== 'running' && run?.state !== 'waiting') return;
  throw new AppError(
    'busy',
    'The agent is still at work here and may change memory. Stop it first, then take its edits back. Nothing was changed.',
  );
}

// The branch, what it takes back and what is said in it are one commit: a crash leaves all of it or nothing.
async function makeBranch(
  tx: Write,
  deps: ApiDeps,
  { input, context }: { readonly input: BranchInput; readonly context: CallContext },
): Promise<Branched> {
  const { clock } = deps;
  const { agent_id, title: title_of_talk } = await readConversation(tx, input.conversation_id);
  const message = await readMessageOfTalk(tx, input);
  assertSaidByPerson(message);
  const fork_seq = message.seq - 1;
  if (input.otid !== undefined) {
    const parent_ids = (await readTalk(tx, input.conversation_id)).map((segment) => segment.conversation_id);
    const known = await findBranchOf(tx, { parent_ids, fork_seq, otid: input.otid });
    if (known !== null) {
      await assertSameWords(tx, known.inbox_id, input.text ?? message.text);
      return { ...known, reverted: { report: [], undone: [] } };
    }
  }
  if (input.revert_memory) await assertIdle(tx, input.conversation_id);
  const conversation_id = clock.newId('conv');
  const place = { conversation_id: input.conversation_id, fork_seq, summaryText };
  // By what is said in it one tells it from the talk it leaves.
  const title = message.role === 'user' ? titleOf(input.text ?? message.text) : title_of_talk;
  await insertBranch(tx, { ...place, id: conversation_id, agent_id, title, now: clock.now() });
  const part = { conversation_id: input.conversation_id, from_seq: message.seq };
  const reverted = input.revert_memory
    ? await revertEffects(tx, part, editContext(deps, context, agent_id))
    : { report: [], undone: [] };
  const otid = input.otid ?? clock.newId('otid');
  const { row } = await putSent(tx, deps, { conversation_id, input: { ...wordsOf(message, input), otid } });
  return { conversation_id, inbox_id: row.id, reverted };
}

// To answer with the branch that was made would lose what is said now.
async function assertSameWords(tx: Write, inbox_id: string, text: string): Promise<void> {
  const { otid, payload } = await readInbox(tx, inbox_id);
  if (payload.text === text) return;
  throw new AppError(
    'conflict',
    'A branch with other words was made under this otid before; this was not said. Give it an otid of its own.',
    { details: { otid, inbox_id } },
  );
}

function assertSaidByPerson(message: Message): void {
  if (message.role === 'user' || message.role === 'system') return;
  throw new AppError(
    'invalid_input',
    'A talk branches at something that was said to the agent. Nothing was changed. Choose the message before this one.',
    { details: { message_id: message.id, role: message.role } },
  );
}

function wordsOf(message: Message, { text }: BranchInput): Omit<SendInput, 'otid'> {
  const words = text === undefined ? { text: message.text, content: message.content } : { text };
  const role = message.role === 'system' ? 'system' : 'user';
  return { ...words, role, ...(message.name === null ? {} : { name: message.name }) };
}

async function forkWithMemory(
  deps: ApiDeps,
  input: ParsedInputOf<'conversations.fork'>,
): Promise<OutputOf<'conversations.fork'>> {
  const { database, clock, models, emit } = deps;
  const { agent_id: first } = await readConversation(database.read, input.conversation_id);
  await readAgent(database.read, first);
  // Making an agent of rows is rare; its code is read when it is asked for.
  const { forkAgent } = await import('../agentfile/fork.ts');
  const { agent_id, conversation_id } = await forkAgent(database, input, { clock, summaryText });
  const agent = toAgent(models, await readAgent(database.read, agent_id));
  const conversation = await readConversation(database.read, conversation_id);
  emit({ type: 'agent.changed', agent });
  emit({ type: 'conversation.changed', conversation });
  return { agent, conversation };
}
