import { expect, test } from 'vitest';
import { addPassage, deletePassage, editPassage } from '../../electron/memory/archival.ts';
import type { EditContext } from '../../electron/memory/block-versions.ts';
import { appendToBlock, createBlock, deleteBlock, editBlock, rethink } from '../../electron/memory/blocks.ts';
import { directCause } from '../../electron/memory/cause.ts';
import { eventsOfUndo } from '../../electron/memory/events.ts';
import { searchArchive } from '../../electron/memory/archive-search.ts';
import { undoChange, type Undone } from '../../electron/memory/undo.ts';
import { getBlock } from '../../electron/store/blocks.ts';
import type { Database } from '../../electron/store/database.ts';
import { getChange, listChanges } from '../../electron/store/memory-changes.ts';
import { getStoredPassage } from '../../electron/store/passages.ts';
import { insertTestAgent, steppingClock, tempStore } from '../helpers/temp-store.ts';

const context: EditContext = { cause: directCause('user'), clock: steppingClock() };

async function setUp(value: string): Promise<{
  database: Database;
  agent_id: string;
  block_id: string;
  append: (content: string) => Promise<string>;
  undo: (change_id: string) => Promise<Undone>;
  value: () => Promise<string | undefined>;
}> {
  const database = await tempStore();
  const agent_id = await insertTestAgent(database);
  const made = await database.transaction((tx) =>
    createBlock(tx, { label: 'human', value, agent_id }, context),
  );
  const block_id = made.block.id;
  return {
    database,
    agent_id,
    block_id,
    append: async (content) => {
      const edit = await database.transaction((tx) =>
        appendToBlock(tx, { agent_id, label: 'human', content }, context),
      );
      return edit.change!.id;
    },
    undo: (change_id) => database.transaction((tx) => undoChange(tx, change_id, context)),
    value: async () => (await getBlock(database.read, block_id))?.value,
  };
}

test('an undo brings back the bytes and is a version of its own', async () => {
  const { append, undo, value, database } = await setUp('a\tb\r\n ');
  const change_id = await append("$' </value>");
  const { change, block } = await undo(change_id);
  expect(await value()).toBe('a\tb\r\n ');
  expect(change).toMatchObject({ operation: 'undo', undoes: change_id, version: 3 });
  expect(block?.version).toBe(3);
  expect((await getChange(database.read, change_id))?.undone_by).toBe(change.id);
});

test('undoing an undo does the change again, and so on', async () => {
  const { append, undo, value, database } = await setUp('a');
  const change_id = await append('b');
  const first = await undo(change_id);
  const redo = await undo(first.change.id);
  expect(await value()).toBe('a\nb');
  expect(redo.marked.map((change) => [change.id, change.undone_by])).toEqual([
    [first.change.id, redo.change.id],
    [change_id, null],
  ]);
  const again = await undo(redo.change.id);
  expect(await value()).toBe('a');
  const marks = await Promise.all(
    [change_id, first.change.id, redo.change.id].map(
      async (id) => (await getChange(database.read, id))?.undone_by,
    ),
  );
  expect(marks).toEqual([first.change.id, null, again.change.id]);
});

test('what came after an undone change stays', async () => {
  const { append, undo, value } = await setUp('one');
  const second = await append('two');
  await append('three');
  await undo(second);
  expect(await value()).toBe('one\nthree');
});

test('an undo of a line that was rewritten since is a conflict and changes nothing', async () => {
  const { append, undo, value, database, agent_id } = await setUp('one');
  const second = await append('two');
  await database.transaction((tx) =>
    rethink(tx, { agent_id, label: 'human', new_memory: 'one\nTWO' }, context),
  );
  await expect(undo(second)).rejects.toMatchObject({ code: 'conflict', details: { current: 'one\nTWO' } });
  expect(await value()).toBe('one\nTWO');
});

test('a change is undone once', async () => {
  const { append, undo } = await setUp('one');
  const change_id = await append('two');
  await undo(change_id);
  await expect(undo(change_id)).rejects.toThrow('undone already');
});

test('a settings change is taken back without touching the text', async () => {
  const { undo, append, database, block_id } = await setUp('one');
  const edit = await database.transaction((tx) => editBlock(tx, { block_id, limit: 99 }, context));
  await append('two');
  await undo(edit.change!.id);
  expect(await getBlock(database.read, block_id)).toMatchObject({ limit: 5000, value: 'one\ntwo' });
});

test('undoing a deletion takes the block out of the trash, undoing its making puts it there', async () => {
  const { undo, value, database, agent_id, block_id } = await setUp('one');
  const deleted = await database.transaction((tx) => deleteBlock(tx, block_id, context));
  await undo(deleted.change.id);
  expect(await value()).toBe('one');
  const made = (await listChanges(database.read, { agent_id, limit: 10 })).at(-1);
  const undone = await undo(made!.id);
  expect(undone.block).toBeNull();
  expect(eventsOfUndo(undone)[0]).toEqual({ type: 'block.deleted', block_id });
  expect(await value()).toBeUndefined();
});

test('changes of archive entries are undone through the same door', async () => {
  const { database, agent_id, undo } = await setUp('');
  const found = async (): Promise<string[]> =>
    (await searchArchive(database.read, { agent_id, query: 'tulip', limit: 10, timezone: 'UTC' })).hits.map(
      (hit) => hit.passage.text,
    );
  const added = await database.transaction((tx) =>
    addPassage(tx, { agent_id, text: 'wifi tulip', tags: ['home'] }, context),
  );
  const passage_id = added.passage.id;
  const edited = await database.transaction((tx) =>
    editPassage(tx, { passage_id, base_version: 1, text: 'wifi rose', tags: ['office'] }, context),
  );
  expect(await found()).toEqual([]);
  await undo(edited.change!.id);
  expect(await found()).toEqual(['wifi tulip']);
  expect((await getStoredPassage(database.read, passage_id))?.tags).toEqual(['home']);
  const deleted = await database.transaction((tx) => deletePassage(tx, passage_id, context));
  expect(await found()).toEqual([]);
  await undo(deleted.change.id);
  expect(await found()).toEqual(['wifi tulip']);
  const undone = await undo(added.change.id);
  expect(eventsOfUndo(undone)[0]).toMatchObject({ type: 'passage.deleted', passage_id });
  expect(await found()).toEqual([]);
});
