import { addPassage, deletePassage, editPassage } from '../../electron/memory/archival.ts';
import { type BlockChanges, editBlock } from '../../electron/memory/blocks.ts';
import { directCause } from '../../electron/memory/cause.ts';
import { undoChange } from '../../electron/memory/undo.ts';
import type { Clock } from '../../electron/store/clock.ts';
import {
  deleteConversation,
  insertConversation,
  type NewConversation,
  updateConversation,
} from '../../electron/store/conversations.ts';
import type { Database, Write } from '../../electron/store/database.ts';
import { appendMessage, type NewMessage } from '../../electron/store/messages.ts';
import { removeWindowEntries } from '../../electron/store/window.ts';
import { makeAgent } from '../agent/make-agent.ts';

/** An agent that has lived: ids of what the tests look at. */
export type RichAgent = {
  readonly agent_id: string;
  readonly conversation_id: string;
  readonly named_id: string;
  readonly deleted_id: string;
  readonly block_id: string;
};

/**
 * Makes an agent with everything a backup holds: three conversations, one of them a renamed branch of the first and one
 * in the trash, parallel calls with results, a summary in place of old messages, a block with five versions by three actors, one of them undone,
 * and archive entries with tags, versions and trash.
 */
export async function makeRichAgent(database: Database, clock: Clock): Promise<RichAgent> {
  const { agent, conversation_id, block_id } = await makeAgent(database, { timezone: 'Europe/Berlin' });
  const agent_id = agent.id;
  await writeTalk(database, clock, { agent_id, conversation_id });
  await writeVersions(database, clock, { agent_id, block_id });
  await writeArchive(database, clock, agent_id);
  const branch_of = { conversation_id, fork_seq: 2 };
  const named_id = await addConversation(database, clock, { agent_id, title: 'Trip to Lisbon', branch_of });
  const deleted_id = await addConversation(database, clock, { agent_id, title: 'A thing of the past' });
  await database.transaction(async (tx) => {
    const now = clock.now();
    await updateConversation(tx, { conversation_id: named_id, title: 'Lisbon, "in May"', now });
    await deleteConversation(tx, deleted_id, now);
  });
  return { agent_id, conversation_id, named_id, deleted_id, block_id };
}

type Said = Pick<NewMessage, 'role' | 'text'> & Partial<NewMessage>;

/** Appends a message with the usual fields filled in. */
export async function say(
  tx: Write,
  clock: Clock,
  home: { readonly agent_id: string; readonly conversation_id: string },
  said: Said,
): Promise<string> {
  const id = clock.newId('message');
  await appendMessage(tx, {
    id,
    ...home,
    name: null,
    content: said.text === '' ? [] : [{ type: 'text', text: said.text }],
    tool_calls: [],
    tool_call_id: null,
    tool_status: null,
    otid: null,
    run_id: null,
    step_id: null,
    status: 'complete',
    token_count: 3,
    model: said.role === 'assistant' ? 'openai/gpt-4o-mini' : null,
    timezone: 'Europe/Berlin',
    created_at: clock.now(),
    ...said,
  });
  return id;
}

async function writeTalk(
  database: Database,
  clock: Clock,
  home: { readonly agent_id: string; readonly conversation_id: string },
): Promise<void> {
  await database.transaction(async (tx) => {
    await say(tx, clock, home, { role: 'user', text: 'I live in Hamburg', otid: 'otid-1' });
    await say(tx, clock, home, { role: 'assistant', text: 'Noted.' });
    await removeWindowEntries(tx, home.conversation_id, [1, 2]);
    await tx
      .insertInto('summary')
      .values({
        id: clock.newId('summary'),
        conversation_id: home.conversation_id,
        text: 'The user lives in Hamburg.',
        covers_from_seq: 1,
        covers_to_seq: 2,
        parent_id: null,
        model: 'openai/gpt-4o-mini',
        prompt_hash: 'abc',
        mode: 'sliding_window',
        stats: '{}',
        run_id: null,
        created_at: clock.now(),
      })
      .execute();
    const summary = await tx.selectFrom('summary').selectAll().executeTakeFirstOrThrow();
    const { conversation_id } = home;
    await tx
      .insertInto('window_entry')
      .values({ conversation_id, ord: 1, kind: 'summary', ref: summary.id, text: summary.text })
      .execute();
    await say(tx, clock, home, {
      role: 'user',
      text: 'Look up both trains',
      created_at: '2026-03-01T10:00:00.000000Z',
    });
    const tool_calls = ['a', 'b'].map((id) => ({
      tool_call_id: `call-${id}`,
      name: 'conversation_search',
      arguments: `{"query":"${id}"}`,
    }));
    await say(tx, clock, home, { role: 'assistant', text: '', tool_calls });
    for (const call of tool_calls) {
      await say(tx, clock, home, {
        role: 'tool',
        name: call.name,
        text: `found ${call.tool_call_id}`,
        tool_call_id: call.tool_call_id,
        tool_status: 'success',
      });
    }
    await say(tx, clock, home, { role: 'assistant', text: 'Half an ans', status: 'interrupted' });
    await say(tx, clock, home, { role: 'system', text: 'only in the history', in_window: false });
  });
}

async function writeVersions(
  database: Database,
  clock: Clock,
  { agent_id, block_id }: { readonly agent_id: string; readonly block_id: string },
): Promise<void> {
  const edits: readonly (readonly ['agent' | 'user' | 'api', string])[] = [
    ['agent', 'Likes tea.\nIs called Kit.'],
    ['user', 'Likes tea.\nIs called Kit.\nHas a cat.'],
    ['api', 'Likes tea.\nIs called Kit.\nHas a cat.\nHas a dog.'],
  ];
  await database.transaction(async (tx) => {
    let last = '';
    for (const [actor, value] of edits) {
      const edit: BlockChanges = { block_id, value, reason: `said so to the ${actor}` };
      const { change } = await editBlock(tx, edit, { clock, cause: directCause(actor, agent_id) });
      last = change?.id ?? '';
    }
    await undoChange(tx, last, { clock, cause: directCause('user', agent_id) });
  });
}

async function writeArchive(database: Database, clock: Clock, agent_id: string): Promise<void> {
  const context = { clock, cause: directCause('agent', agent_id) };
  await database.transaction(async (tx) => {
    const kept = await addPassage(
      tx,
      { agent_id, text: 'The wifi code is tulip-41', tags: ['home', 'Wifi'] },
      context,
    );
    const passage_id = kept.change.target_id;
    await editPassage(
      tx,
      { passage_id, base_version: 1, text: 'The wifi code is tulip-42', tags: ['home'] },
      context,
    );
    const gone = await addPassage(tx, { agent_id, text: 'An old phone number', tags: ['phone'] }, context);
    await deletePassage(tx, gone.change.target_id, context);
  });
}

async function addConversation(
  database: Database,
  clock: Clock,
  { agent_id, title, ...rest }: Pick<NewConversation, 'agent_id' | 'title' | 'branch_of'>,
): Promise<string> {
  const id = clock.newId('conv');
  await database.transaction(async (tx) => {
    await insertConversation(tx, { id, agent_id, title, ...rest, is_default: false, now: clock.now() });
    await say(tx, clock, { agent_id, conversation_id: id }, { role: 'user', text: `About: ${title}` });
  });
  return id;
}
