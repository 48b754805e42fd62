import { describe, expect, test } from 'vitest';
import type { MemoirEvent } from '../../shared/events.ts';
import { setStage, type Stage } from './stage.ts';

/** Lets the store grow no further until the returned function is called. */
function fillDisk({ database }: Stage): () => void {
  const pages = Number(database.raw.pragma('page_count', { simple: true }));
  database.raw.pragma(`max_page_count = ${pages}`);
  return () => void database.raw.pragma('max_page_count = 1073741823');
}

const long = 'A long answer. '.repeat(4000);
const has_finished = (event: MemoirEvent): boolean => event.type === 'run.finished';

describe('a disk that fills up while an agent answers', () => {
  async function fill() {
    const gate = Promise.withResolvers<undefined>();
    const stage = await setStage([
      { kind: 'chunks', chunks: [{ text: 'So' }, { text: long, after: gate.promise }] },
      { kind: 'text', text: 'Here again.' },
      { kind: 'text', text: 'And again.' },
    ]);
    await stage.runtime.send(stage.conversation_id, { text: 'Hi', otid: 'one' });
    await stage.seen((event) => event.type === 'message.delta');
    const free = fillDisk(stage);
    gate.resolve(undefined);
    const end = await stage.seen(has_finished);
    return { stage, free, end };
  }

  test('ends the run with the reason, and sending says so too', async () => {
    const { stage, end } = await fill();
    expect(end).toMatchObject({ run: { state: 'failed', error: { code: 'store_full' } } });
    const sent = stage.runtime.send(stage.conversation_id, { text: long, otid: 'two' });
    await expect(sent).rejects.toMatchObject({ code: 'store_full' });
  });

  test('keeps the end once there is room, and the conversation goes on', async () => {
    const { stage, free } = await fill();
    free();
    stage.later();
    const { inbox_id } = await stage.runtime.send(stage.conversation_id, {
      text: 'Still there?',
      otid: 'two',
    });
    expect(await stage.runtime.waitFor(inbox_id)).toMatchObject({ state: 'completed' });
    const runs = await stage.database.read.selectFrom('run').select('state').orderBy('started_at').execute();
    expect(runs.map(({ state }) => state)).toEqual(['failed', 'completed']);
    expect(stage.model.refusals).toEqual([]);
  });
});
