import { describe, expect, test } from 'vitest';
import { readConversation } from '../../electron/store/conversations.ts';
import { chainDigest } from '../../electron/store/encoding.ts';
import { listMessages } from '../../electron/store/messages.ts';
import { insertTestAgent, tempStore } from '../helpers/temp-store.ts';
import { openTalk, newTalk, type Talk } from './new-talk.ts';

/** Numbers of the messages whose digest does not follow from their row and the one before. */
async function brokenLinks({ database, conversation_id }: Talk): Promise<number[]> {
  const rows = await database.read
    .selectFrom('message')
    .selectAll()
    .where('conversation_id', '=', conversation_id)
    .orderBy('seq')
    .execute();
  let before = '';
  let expected_seq = 1;
  const broken: number[] = [];
  for (const row of rows) {
    const facts = [row.id, String(row.seq), row.role, row.created_at, row.content, row.tool_calls];
    const [salt] = row.digest.split('.');
    const digest = chainDigest(before, [...facts, row.tool_call_id ?? '', row.status], salt);
    if (digest !== row.digest || row.seq !== expected_seq) broken.push(row.seq);
    before = digest;
    expected_seq += 1;
  }
  return broken;
}

describe('the order of a history', () => {
  test('counts from 1 without a gap in each conversation, however they interleave', async () => {
    const database = await tempStore();
    const agent_id = await insertTestAgent(database);
    const talks = [await openTalk(database, agent_id), await openTalk(database, agent_id, false)] as const;
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => talks[index % 2 === 0 ? 0 : 1].say(`${index}`)),
    );
    for (const { conversation_id } of talks) {
      const { messages } = await listMessages(database.read, { conversation_id, limit: 50 });
      expect(messages.map((message) => message.seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    }
  });

  test('is not used up by an append that was rolled back', async () => {
    const talk = await newTalk();
    const first = await talk.say('one');
    await expect(talk.say('again', { id: first.id })).rejects.toThrow(/UNIQUE/);
    expect((await talk.say('two')).seq).toBe(2);
    expect(await brokenLinks(talk)).toEqual([]);
  });

  test('refuses a message for a conversation that is not here', async () => {
    const talk = await newTalk();
    await expect(talk.say('one', { conversation_id: 'conv-none' })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('the chain of digests', () => {
  async function longTalk(): Promise<Talk> {
    const talk = await newTalk();
    for (let index = 1; index <= 6; index += 1) {
      await talk.say(`Message ${index}`, index % 2 === 0 ? { role: 'assistant' } : {});
    }
    return talk;
  }

  test('is whole for a history that nobody touched', async () => {
    const talk = await longTalk();
    expect(await brokenLinks(talk)).toEqual([]);
    const last = await talk.database.read
      .selectFrom('conversation')
      .innerJoin('message', 'message.conversation_id', 'conversation.id')
      .select(['conversation.digest as head', 'message.digest'])
      .orderBy('message.seq', 'desc')
      .executeTakeFirstOrThrow();
    expect(last.head).toBe(last.digest);
  });

  test('says nothing of a text without its salt', async () => {
    const [one, other] = [chainDigest('', ['yes']), chainDigest('', ['yes'])];
    expect(one.split('.')[1]).not.toBe(other.split('.')[1]);
    expect(chainDigest(one, ['next'], 'a')).toBe(chainDigest(`.${one.split('.')[1]}`, ['next'], 'a'));
  });

  test.each([
    [
      'words changed',
      "update message set content = replace(content, 'Message 3', 'Message x') where seq = 3",
    ],
    ['a speaker changed', "update message set role = 'assistant' where seq = 3"],
    ['a time changed', "update message set created_at = '2020' where seq = 3"],
    ['a mark changed', "update message set status = 'interrupted' where seq = 3"],
    ['a message taken out', 'delete from message where seq = 3'],
    [
      'two messages swapped',
      'update message set seq = -seq where seq in (3, 4); update message set seq = 7 + seq where seq < 0',
    ],
  ])('breaks from there on: %s', async (name, sql) => {
    const talk = await longTalk();
    talk.database.raw.exec(sql);
    const broken = await brokenLinks(talk);
    expect(broken.length).toBeGreaterThanOrEqual(3);
    expect(Math.min(...broken)).toBe(name === 'a message taken out' ? 4 : 3);
  });
});

describe('the title of a conversation', () => {
  async function titleAfter(...texts: (readonly ['user' | 'assistant', string])[]): Promise<string> {
    const talk = await newTalk();
    for (const [role, text] of texts) await talk.say(text, { role });
    return (await readConversation(talk.database.read, talk.conversation_id)).title;
  }

  test('is the first words a person said, and stays', async () => {
    expect(await titleAfter(['assistant', 'Hi'], ['user', '  Plan\n my  week '], ['user', 'No'])).toBe(
      'Plan my week',
    );
  });

  test('is cut between words when they are many', async () => {
    const title = await titleAfter(['user', 'word '.repeat(40)]);
    expect(title).toMatch(/^(word )*word…$/);
    expect(title.length).toBeLessThanOrEqual(61);
  });

  test('never ends in half a character', async () => {
    const title = await titleAfter(['user', `x${'😀'.repeat(60)}`]);
    expect(title.isWellFormed()).toBe(true);
    expect(title).not.toContain('\uFFFD');
  });
});

describe('pages', () => {
  test('walked back from the newest cover the history once, oldest first in each', async () => {
    const talk = await newTalk();
    for (let index = 1; index <= 25; index += 1) await talk.say(`${index}`);
    const { conversation_id, database } = talk;
    const walked: number[][] = [];
    let before_seq: number | undefined;
    for (;;) {
      const page = await listMessages(database.read, { conversation_id, before_seq, limit: 10 });
      walked.unshift(page.messages.map((message) => message.seq));
      before_seq = page.messages[0]?.seq;
      if (!page.has_more) break;
    }
    expect(walked.map((page) => page.length)).toEqual([5, 10, 10]);
    expect(walked.flat()).toEqual(Array.from({ length: 25 }, (_, index) => index + 1));
  });

  test('stay where they are while messages are added', async () => {
    const talk = await newTalk();
    for (let index = 1; index <= 10; index += 1) await talk.say(`${index}`);
    const page = { conversation_id: talk.conversation_id, before_seq: 6, limit: 3 };
    const before = await listMessages(talk.database.read, page);
    await talk.say('11');
    expect(await listMessages(talk.database.read, page)).toEqual(before);
  });

  test('that are exactly full say that there is no more', async () => {
    const talk = await newTalk();
    const said = await talk.say('only');
    const page = { conversation_id: talk.conversation_id, limit: 1 };
    expect(await listMessages(talk.database.read, page)).toEqual({ messages: [said], has_more: false });
  });
});
