import { expect, test } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import { createFramer } from '../../electron/letta/frames.ts';
import type { RunEvent } from '../../electron/letta/run-events.ts';
import { streamRun } from '../../electron/letta/sse.ts';

const RUN = 'run-00000000-0000-4000-8000-000000000001';

test('listening that breaks off while the reader is slow ends its stream with the reason, and no failure goes unheard', async () => {
  const unheard: unknown[] = [];
  const hear = (reason: unknown): void => void unheard.push(reason);
  process.on('unhandledRejection', hear);
  let breakOff = (): void => undefined;
  const broken = new Promise<void>((resolve) => {
    breakOff = resolve;
  });
  async function* events(): AsyncGenerator<RunEvent> {
    yield { kind: 'started', run_id: RUN };
    await broken;
    throw new AppError('cancelled', 'Memoir stopped listening before the answer was finished.');
  }
  const framer = createFramer({
    use_assistant_message: true,
    stream_tokens: false,
    include_pings: true,
    include_compaction_messages: false,
    background: false,
    types: null,
  });
  const stream = streamRun({ events: events(), framer, stop: () => undefined });
  // The first frame waits to be read, so nobody asks for the next one yet.
  await new Promise((resolve) => setImmediate(resolve));
  breakOff();
  await new Promise((resolve) => setImmediate(resolve));
  const frames = (await new Response(stream).text()).trimEnd().split('\n\n');
  process.off('unhandledRejection', hear);
  expect(unheard).toEqual([]);
  expect(frames[1]).toBe('data: {"message_type":"stop_reason","stop_reason":"error"}');
  expect(frames[2]).toMatch(/^event: error\n/u);
  expect(frames[2]).toContain(`"run_id":"${RUN}","error_type":"stream_incomplete"`);
  expect(frames[3]).toBe('data: [DONE]');
});
