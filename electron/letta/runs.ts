import { Hono } from 'hono';
import { z } from 'zod';
import type { Run } from '../../shared/contract/conversations.ts';
import { API, type LettaBackend } from './backend.ts';
import type { BackgroundRuns, Recording } from './background-runs.ts';
import { createFramer } from './frames.ts';
import { pathId, readBody } from './input.ts';
import { decideAndFollow } from './run-follow.ts';
import { answerFrames, streamRecording } from './sse.ts';

/** `poll_interval` and `batch_size` say how to ask Letta's cache for news; here they come by themselves. */
const stream_body = z.object({
  starting_after: z.int().min(0).nullish(),
  include_pings: z.boolean().nullish(),
});

/** `/runs/{id}/stream`: take up the stream of a run again, behind the last frame that came. */
export function runRoutes(backend: LettaBackend, background: BackgroundRuns): Hono {
  const app = new Hono({ strict: false });
  app.post('/runs/:run_id/stream', async (context) => {
    const run_id = pathId(context, 'run');
    const body = await readBody(context, stream_body);
    const reading = { after: body.starting_after ?? 0, include_pings: body.include_pings ?? true };
    const run = await backend.call('runs.get', { run_id }, API);
    const known = background.find(run_id);
    // A run that was resumed goes on behind the end that was written down.
    const is_old = known?.isWhole() === true && run.state === 'running';
    const recording = known === null || is_old ? await follow(run, reading.after) : known;
    return answerFrames(context, streamRecording(recording, reading));
  });
  /** What no longer stands here piece by piece comes once more, each message whole, under numbers that go on. */
  const follow = async ({ id: run_id, conversation_id }: Run, after: number): Promise<Recording> => {
    const from = { conversation_id, run_id, decisions: [], after_seq: 0 };
    const events = await decideAndFollow(backend, from, new AbortController().signal);
    return background.record(events, createFramer({ ...WHOLE, after }));
  };
  return app;
}

const WHOLE = {
  use_assistant_message: true,
  stream_tokens: false,
  include_pings: false,
  include_compaction_messages: false,
  background: true,
  types: null,
};
