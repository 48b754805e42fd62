import { expect, test } from 'vitest';
import { createKnownMessages } from '../../electron/store/window-messages.ts';
import { listWindow, removeWindowEntries } from '../../electron/store/window.ts';
import { insertTestAgent, tempStore } from '../helpers/temp-store.ts';
import { newTalk, openTalk, type Talk } from './new-talk.ts';

/** Changes the words of all messages behind the history, so that it shows which rows were read. */
async function scribble({ database }: Talk, words: string): Promise<void> {
  await database.transaction((tx) => tx.updateTable('message').set({ text: words }).execute());
}

async function wordsOf({ database, conversation_id }: Talk, known: ReturnType<typeof createKnownMessages>) {
  const items = await listWindow(database.read, conversation_id, known);
  return items.map((item) => (item.kind === 'message' ? item.message.text : item.kind));
}

test('a window reads as without memory of it, while messages come and go', async () => {
  const talk = await newTalk();
  const known = createKnownMessages();
  const bothWays = async () => {
    const items = await listWindow(talk.database.read, talk.conversation_id, known);
    expect(items).toEqual(await listWindow(talk.database.read, talk.conversation_id));
    return items.length;
  };
  expect(await bothWays()).toBe(0);
  for (const text of ['one', 'two', 'three']) await talk.say(text);
  expect(await bothWays()).toBe(3);
  await talk.say('four');
  expect(await bothWays()).toBe(4);
  await talk.database.transaction((tx) => removeWindowEntries(tx, talk.conversation_id, [1, 2]));
  expect(await bothWays()).toBe(2);
  await talk.database.transaction((tx) => tx.deleteFrom('message').where('text', '=', 'four').execute());
  const [, gone] = await listWindow(talk.database.read, talk.conversation_id);
  expect(gone).toMatchObject({ kind: 'missing' });
});

test('a message is read once, and is the same object from then on', async () => {
  const talk = await newTalk();
  const known = createKnownMessages();
  await talk.say('one');
  const [before] = await listWindow(talk.database.read, talk.conversation_id, known);
  await scribble(talk, 'scribbled');
  await talk.say('two');
  const [after, two] = await listWindow(talk.database.read, talk.conversation_id, known);
  expect(after).toEqual(before);
  expect(after?.kind === 'message' && before?.kind === 'message' && after.message === before.message).toBe(
    true,
  );
  expect(two).toMatchObject({ kind: 'message', message: { text: 'two' } });
});

test('what is to be forgotten is read anew', async () => {
  const talk = await newTalk();
  const known = createKnownMessages();
  await talk.say('one');
  expect(await wordsOf(talk, known)).toEqual(['one']);
  await scribble(talk, 'mended');
  known.forget();
  expect(await wordsOf(talk, known)).toEqual(['mended']);
});

test('what was being read while all was to be forgotten is not kept', async () => {
  const talk = await newTalk();
  const known = createKnownMessages();
  await talk.say('one');
  const before = known.open(talk.conversation_id);
  const [item] = await listWindow(talk.database.read, talk.conversation_id);
  known.forget();
  if (item?.kind === 'message') before.keep([item.message]);
  await scribble(talk, 'mended');
  expect(await wordsOf(talk, known)).toEqual(['mended']);
});

test('of many talks only those read last are remembered', async () => {
  const database = await tempStore();
  const agent_id = await insertTestAgent(database);
  const known = createKnownMessages();
  const talks: Talk[] = [];
  for (let count = 0; count < 9; count += 1) {
    const talk = await openTalk(database, agent_id, count === 0);
    await talk.say('one');
    await wordsOf(talk, known);
    talks.push(talk);
  }
  const [first, second] = talks;
  const last = talks.at(-1);
  if (first === undefined || second === undefined || last === undefined)
    throw new Error('Talks are missing.');
  await scribble(first, 'scribbled');
  expect(await wordsOf(first, known)).toEqual(['scribbled']);
  expect(await wordsOf(last, known)).toEqual(['one']);
  // Reading the first one again put the second one out.
  expect(await wordsOf(second, known)).toEqual(['scribbled']);
});
