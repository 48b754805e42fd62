import { describe, expect, test } from 'vitest';
import {
  appendToBlock,
  createBlock,
  deleteBlock,
  editBlock,
  insertLine,
  replaceInBlock,
  replaceUnique,
  restoreVersion,
  rethink,
  shareBlock,
  unshareBlock,
} from '../../electron/memory/blocks.ts';
import type { EditContext } from '../../electron/memory/block-versions.ts';
import { directCause } from '../../electron/memory/cause.ts';
import { getBlock, listBlocksOfAgent } from '../../electron/store/blocks.ts';
import type { Database, Write } from '../../electron/store/database.ts';
import { listBlockVersions } from '../../electron/store/memory-changes.ts';
import type { Block } from '../../shared/contract/blocks.ts';
import { insertTestAgent, steppingClock, tempStore } from '../helpers/temp-store.ts';

const clock = steppingClock();
const byUser: EditContext = { cause: directCause('user'), clock };
const byAgent: EditContext = {
  cause: { ...directCause('agent'), trust: 'model_inference', run_id: 'run-1', message_id: 'message-1' },
  clock,
};

async function setUp(
  fields: Partial<Block> = {},
  context = byUser,
): Promise<{ database: Database; agent_id: string; block: Block }> {
  const database = await tempStore();
  const agent_id = await insertTestAgent(database);
  const { block } = await database.transaction((tx) =>
    createBlock(tx, { label: 'human', value: '', ...fields, agent_id }, context),
  );
  return { database, agent_id, block };
}

type Where = { database: Database; agent_id: string };
const at = (
  { database, agent_id }: Where,
  edit: (tx: Write, input: { agent_id: string; label: string }) => Promise<{ block: Block }>,
): Promise<string> =>
  database.transaction(async (tx) => (await edit(tx, { agent_id, label: 'human' })).block.value);

describe('edits', () => {
  test('an append puts text on a line of its own, the first without an empty line before it', async () => {
    const where = await setUp();
    await at(where, (tx, input) => appendToBlock(tx, { ...input, content: 'Name: Kit' }, byAgent));
    const value = await at(where, (tx, input) =>
      appendToBlock(tx, { ...input, content: 'Likes tea' }, byAgent),
    );
    expect(value).toBe('Name: Kit\nLikes tea');
  });

  test('core_memory_replace changes all occurrences and takes $ signs literally', async () => {
    const where = await setUp({ value: 'tea, more tea' });
    const value = await at(where, (tx, input) =>
      replaceInBlock(tx, { ...input, old_content: 'tea', new_content: "$' $& $$" }, byAgent),
    );
    expect(value).toBe("$' $& $$, more $' $& $$");
  });

  test('an empty text to replace is refused', async () => {
    const where = await setUp({ value: 'ab' });
    const edit = at(where, (tx, input) =>
      replaceInBlock(tx, { ...input, old_content: '', new_content: 'X' }, byAgent),
    );
    await expect(edit).rejects.toThrow('The text to replace is empty');
    expect((await getBlock(where.database.read, where.block.id))?.value).toBe('ab');
  });

  test('memory_replace names the lines when the text occurs more than once', async () => {
    const where = await setUp({ value: 'likes tea\nhas a cat\nlikes tea' });
    const edit = at(where, (tx, input) =>
      replaceUnique(tx, { ...input, old_string: 'likes tea', new_string: 'x' }, byAgent),
    );
    await expect(edit).rejects.toThrow('occurs 2 times in human, on lines 1, 3.');
  });

  test('memory_replace leaves tabs and text that looks like a line number as they are', async () => {
    const where = await setUp({ value: '12→ dozen\n\tindented\r\nold' });
    await at(where, (tx, input) =>
      replaceUnique(tx, { ...input, old_string: '12→ dozen', new_string: '13→' }, byAgent),
    );
    const value = await at(where, (tx, input) =>
      replaceUnique(tx, { ...input, old_string: 'old', new_string: 'new' }, byAgent),
    );
    expect(value).toBe('13→\n\tindented\r\nnew');
  });

  test('a text that is not there is an error, with a hint when it carries a line number', async () => {
    const where = await setUp({ value: 'Name: Kit' });
    const edit = at(where, (tx, input) =>
      replaceUnique(tx, { ...input, old_string: '1→ Name: Kit', new_string: 'x' }, byAgent),
    );
    await expect(edit).rejects.toThrow('Leave out line numbers');
  });

  test.each([
    [0, 'new\na\nb'],
    [1, 'a\nnew\nb'],
    [2, 'a\nb\nnew'],
    [-1, 'a\nb\nnew'],
  ])('a line inserted at %i lands there', async (insert_line, expected) => {
    const where = await setUp({ value: 'a\nb' });
    const value = await at(where, (tx, input) =>
      insertLine(tx, { ...input, new_string: 'new', insert_line }, byAgent),
    );
    expect(value).toBe(expected);
  });

  test('a line outside of the block is refused with the range', async () => {
    const where = await setUp({ value: 'a\nb' });
    const edit = at(where, (tx, input) =>
      insertLine(tx, { ...input, new_string: 'c', insert_line: 3 }, byAgent),
    );
    await expect(edit).rejects.toThrow('human has 2 lines, so insert_line 3 is outside of it.');
  });

  test('an unknown label lists the ones there are', async () => {
    const { database, agent_id } = await setUp();
    const edit = database.transaction((tx) =>
      appendToBlock(tx, { agent_id, label: 'humans', content: 'x' }, byAgent),
    );
    await expect(edit).rejects.toThrow('There is no block named "humans". There are: human.');
  });

  test('NUL is dropped and a lone surrogate replaced, in the block and in its history alike', async () => {
    const where = await setUp();
    const value = await at(where, (tx, input) =>
      rethink(tx, { ...input, new_memory: 'a\u0000b\ud800c' }, byAgent),
    );
    const [version] = await listBlockVersions(where.database.read, where.block.id, 1);
    expect([value, version?.after]).toEqual(['ab\ufffdc', 'ab\ufffdc']);
    expect((await getBlock(where.database.read, where.block.id))?.value).toBe('ab\ufffdc');
  });

  test('every edit keeps who did it, because of what, and the text before and after', async () => {
    const where = await setUp({ value: 'a' });
    await at(where, (tx, input) => appendToBlock(tx, { ...input, content: 'b' }, byAgent));
    const versions = await listBlockVersions(where.database.read, where.block.id, 10);
    expect(versions).toMatchObject([
      {
        version: 2,
        operation: 'append',
        before: 'a',
        after: 'a\nb',
        actor: 'agent',
        run_id: 'run-1',
        message_id: 'message-1',
        trust: 'model_inference',
      },
      { version: 1, operation: 'create', before: null, after: 'a', actor: 'user' },
    ]);
  });

  test('an edit that changes nothing writes no version', async () => {
    const where = await setUp({ value: 'a' });
    const edit = await where.database.transaction((tx) =>
      rethink(tx, { agent_id: where.agent_id, label: 'human', new_memory: 'a' }, byAgent),
    );
    expect(edit).toMatchObject({ change: null, block: { version: 1 } });
  });
});

describe('limits and read-only', () => {
  test('a text over the limit is refused with both numbers and changes nothing', async () => {
    const where = await setUp({ value: 'x'.repeat(5000) });
    const edit = at(where, (tx, input) => appendToBlock(tx, { ...input, content: 'y'.repeat(199) }, byAgent));
    await expect(edit).rejects.toThrow('human would be 5,200 characters; its limit is 5,000.');
    expect((await getBlock(where.database.read, where.block.id))?.version).toBe(1);
  });

  test('an imported block over its limit may shrink but not grow', async () => {
    const where = await setUp({ value: 'x'.repeat(20), limit: 10 }, { cause: directCause('import'), clock });
    await at(where, (tx, input) => rethink(tx, { ...input, new_memory: 'x'.repeat(15) }, byAgent));
    const growth = at(where, (tx, input) => appendToBlock(tx, { ...input, content: 'y' }, byAgent));
    await expect(growth).rejects.toMatchObject({ code: 'limit_exceeded' });
  });

  test('a block over its limit can not be made by hand', async () => {
    await expect(setUp({ value: 'x'.repeat(20), limit: 10 })).rejects.toMatchObject({
      code: 'limit_exceeded',
    });
  });

  test('a limit below the text is refused', async () => {
    const { database, block } = await setUp({ value: 'x'.repeat(20) });
    const edit = database.transaction((tx) => editBlock(tx, { block_id: block.id, limit: 10 }, byUser));
    await expect(edit).rejects.toThrow('human holds 20 characters, so its limit can not be 10.');
  });

  const attempts: [
    string,
    (tx: Write, input: { agent_id: string; label: string; block_id: string }) => Promise<unknown>,
  ][] = [
    ['append', (tx, input) => appendToBlock(tx, { ...input, content: 'x' }, byAgent)],
    ['replace', (tx, input) => replaceInBlock(tx, { ...input, old_content: 'a', new_content: 'x' }, byAgent)],
    [
      'unique replace',
      (tx, input) => replaceUnique(tx, { ...input, old_string: 'a', new_string: 'x' }, byAgent),
    ],
    ['insert', (tx, input) => insertLine(tx, { ...input, new_string: 'x', insert_line: 0 }, byAgent)],
    ['rethink', (tx, input) => rethink(tx, { ...input, new_memory: 'x' }, byAgent)],
    ['edit', (tx, input) => editBlock(tx, { block_id: input.block_id, read_only: false }, byAgent)],
    ['detach', (tx, input) => unshareBlock(tx, input, byAgent)],
    ['delete', (tx, input) => deleteBlock(tx, input.block_id, byAgent)],
  ];
  test.each(attempts)('an agent can not change a read-only block by %s', async (_, attempt) => {
    const { database, agent_id, block } = await setUp({ value: 'a', read_only: true });
    const edit = database.transaction((tx) => attempt(tx, { agent_id, label: 'human', block_id: block.id }));
    await expect(edit).rejects.toThrow('human is read-only for agents.');
    expect(await getBlock(database.read, block.id)).toEqual(block);
  });

  test('a person can change a read-only block', async () => {
    const { database, block } = await setUp({ value: 'a', read_only: true });
    const edit = await database.transaction((tx) =>
      editBlock(tx, { block_id: block.id, value: 'b' }, byUser),
    );
    expect(edit.block.value).toBe('b');
  });
});

describe('edits against an old version', () => {
  test('different lines merge', async () => {
    const where = await setUp({ value: 'one\ntwo\nthree' });
    await at(where, (tx, input) => appendToBlock(tx, { ...input, content: 'four' }, byAgent));
    const { block } = await where.database.transaction((tx) =>
      editBlock(tx, { block_id: where.block.id, base_version: 1, value: 'ONE\ntwo\nthree' }, byUser),
    );
    expect(block).toMatchObject({ value: 'ONE\ntwo\nthree\nfour', version: 3 });
  });

  test('the same line is a conflict with all three texts', async () => {
    const where = await setUp({ value: 'one' });
    await at(where, (tx, input) => rethink(tx, { ...input, new_memory: 'uno' }, byAgent));
    const edit = where.database.transaction((tx) =>
      editBlock(tx, { block_id: where.block.id, base_version: 1, value: 'eins' }, byUser),
    );
    await expect(edit).rejects.toMatchObject({
      code: 'conflict',
      details: { current: 'uno', base: 'one', yours: 'eins', version: 2 },
    });
  });

  test('a version that never was is a conflict', async () => {
    const where = await setUp({ value: 'one' });
    const edit = where.database.transaction((tx) =>
      editBlock(tx, { block_id: where.block.id, base_version: 9, value: 'x' }, byUser),
    );
    await expect(edit).rejects.toThrow('human has no version 9');
  });

  test('settings merge field by field', async () => {
    const { database, block } = await setUp({ value: 'a' });
    const edit = (changes: object): Promise<unknown> =>
      database.transaction((tx) =>
        editBlock(tx, { block_id: block.id, base_version: 1, ...changes }, byUser),
      );
    await edit({ limit: 100 });
    await edit({ read_only: true });
    expect(await getBlock(database.read, block.id)).toMatchObject({
      limit: 100,
      read_only: true,
      version: 3,
    });
    await expect(edit({ limit: 200 })).rejects.toMatchObject({ code: 'conflict' });
  });

  test('an old version comes back as a new one', async () => {
    const where = await setUp({ value: 'a\tb' });
    await at(where, (tx, input) => rethink(tx, { ...input, new_memory: 'c' }, byAgent));
    const { block, change } = await where.database.transaction((tx) =>
      restoreVersion(tx, { block_id: where.block.id, version: 1, base_version: 2 }, byUser),
    );
    expect(block).toMatchObject({ value: 'a\tb', version: 3 });
    expect(change).toMatchObject({ operation: 'restore', before: 'c', after: 'a\tb' });
  });
});

describe('labels and sharing', () => {
  test('an agent has each label once', async () => {
    const { database, agent_id, block } = await setUp();
    const make = (label: string): Promise<{ block: Block }> =>
      database.transaction((tx) => createBlock(tx, { label, value: '', agent_id }, byUser));
    await expect(make('human')).rejects.toThrow('Ada has a block named human already.');
    const other = await make('plans');
    const rename = database.transaction((tx) =>
      editBlock(tx, { block_id: other.block.id, label: block.label }, byUser),
    );
    await expect(rename).rejects.toMatchObject({ code: 'conflict' });
  });

  test('a shared block is one text for both agents, in the order it was attached', async () => {
    const { database, agent_id, block } = await setUp({ value: 'shared' });
    const second = await insertTestAgent(database, { name: 'Bo' });
    await database.transaction((tx) =>
      createBlock(tx, { label: 'persona', value: 'Bo', agent_id: second }, byUser),
    );
    const shared = await database.transaction((tx) =>
      shareBlock(tx, { block_id: block.id, agent_id: second }),
    );
    expect(shared.agent_ids.toSorted()).toEqual([agent_id, second].toSorted());
    await database.transaction((tx) =>
      appendToBlock(tx, { agent_id: second, label: 'human', content: 'by Bo' }, byAgent),
    );
    expect((await listBlocksOfAgent(database.read, agent_id)).map((one) => one.value)).toEqual([
      'shared\nby Bo',
    ]);
    expect((await listBlocksOfAgent(database.read, second)).map((one) => one.label)).toEqual([
      'persona',
      'human',
    ]);
    await database.transaction((tx) => unshareBlock(tx, { block_id: block.id, agent_id }, byUser));
    expect(await listBlocksOfAgent(database.read, agent_id)).toEqual([]);
  });

  test('a deleted block leaves every agent and keeps its history', async () => {
    const { database, agent_id, block } = await setUp({ value: 'x' });
    const deleted = await database.transaction((tx) => deleteBlock(tx, block.id, byUser));
    expect(deleted).toMatchObject({ block: null, change: { operation: 'delete', before: 'x', after: null } });
    expect(await listBlocksOfAgent(database.read, agent_id)).toEqual([]);
    expect(await listBlockVersions(database.read, block.id, 10)).toHaveLength(2);
  });
});
