import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EditContext } from '../../electron/memory/block-versions.ts';
import {
  appendToBlock,
  createBlock,
  editBlock,
  replaceUnique,
  rethink,
} from '../../electron/memory/blocks.ts';
import { directCause } from '../../electron/memory/cause.ts';
import { cleanText } from '../../electron/memory/text.ts';
import { undoChange } from '../../electron/memory/undo.ts';
import { getBlock } from '../../electron/store/blocks.ts';
import type { Write } from '../../electron/store/database.ts';
import { AppError } from '../../shared/errors.ts';
import { insertTestAgent, steppingClock, tempStore } from '../helpers/temp-store.ts';

const context: EditContext = { cause: directCause('user'), clock: steppingClock() };
const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    "$'",
    '$&',
    '</value>',
    '\t\ta\tb',
    'שלום 12→ \u202e',
    '\r\n\r',
    'a\ud800',
    '\udc00b',
    '\n\n',
    '%s\\',
  ),
);
const texts = fc.array(nasty, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));

test('any text is kept as it is, and a chain of edits taken back restores it', async () => {
  const database = await tempStore();
  const agent_id = await insertTestAgent(database);
  const label = 'human';
  const made = await database.transaction((tx) =>
    createBlock(tx, { label, value: '', limit: 10_000_000, agent_id }, context),
  );
  const read = async (): Promise<string | undefined> => (await getBlock(database.read, made.block.id))?.value;
  await fc.assert(
    fc.asyncProperty(texts, texts, texts, async (first, second, third) => {
      const by = { agent_id, label };
      const start = cleanText(first);
      await database.transaction((tx) => rethink(tx, { ...by, new_memory: `${first}|MARK|` }, context));
      expect(await read()).toBe(`${start}|MARK|`);
      fc.pre(!first.includes('|MARK|'));
      const edits = [
        (tx: Write) => appendToBlock(tx, { ...by, content: second }, context),
        (tx: Write) => replaceUnique(tx, { ...by, old_string: '|MARK|', new_string: third }, context),
      ];
      fc.pre(cleanText(second) !== '' && !second.includes('|MARK|'));
      const changes: string[] = [];
      for (const edit of edits) changes.push((await database.transaction(edit)).change!.id);
      expect(await read()).toBe(`${start}${cleanText(third)}\n${cleanText(second)}`);
      for (const id of changes.toReversed()) await database.transaction((tx) => undoChange(tx, id, context));
      expect(await read()).toBe(`${start}|MARK|`);
    }),
    { numRuns: 60 },
  );
});

test('a megabyte of text is kept as it is', async () => {
  const database = await tempStore();
  const agent_id = await insertTestAgent(database);
  const value = "line with $' and \t tab\n".repeat(46_000);
  const { block } = await database.transaction((tx) =>
    createBlock(tx, { label: 'big', value, limit: 2_000_000, agent_id }, context),
  );
  await database.transaction((tx) => appendToBlock(tx, { agent_id, label: 'big', content: 'end' }, context));
  const edited = `start\n${value}`;
  await database.transaction((tx) =>
    editBlock(tx, { block_id: block.id, base_version: 1, value: edited }, context),
  );
  expect((await getBlock(database.read, block.id))?.value).toBe(`${edited}\nend`);
});

test('edits from one old version never lose an append: each is there or was refused', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('a', 'b', 'c', 'a\nb', ''), { maxLength: 5 }),
      async (values) => {
        const database = await tempStore();
        const agent_id = await insertTestAgent(database);
        const { block } = await database.transaction((tx) =>
          createBlock(tx, { label: 'human', value: 'a\nb', agent_id }, context),
        );
        await database.transaction((tx) =>
          appendToBlock(tx, { agent_id, label: 'human', content: 'KEEP' }, context),
        );
        for (const value of values) {
          const edit = database.transaction((tx) =>
            editBlock(tx, { block_id: block.id, base_version: 1, value }, context),
          );
          const outcome = await edit.then(
            () => 'merged',
            (error: unknown) => (error instanceof AppError ? error.code : error),
          );
          expect(['merged', 'conflict']).toContain(outcome);
        }
        expect((await getBlock(database.read, block.id))?.value.split('\n')).toContain('KEEP');
      },
    ),
    { numRuns: 15 },
  );
});
