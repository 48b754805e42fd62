import { Hono } from 'hono';
import { z } from 'zod';
import type { Run } from '../../shared/contract/conversations.ts';
import { readAgent } from './agents.ts';
import { API, type LettaBackend } from './backend.ts';
import type { BackgroundRuns, Recording } from './background-runs.ts';
import { createFramer } from './frames.ts';
import { pathId, readBody } from './input.ts';
import { decideAndFollow } from './run-follow.ts';
import { answerFrames, type Reading, streamRecording, streamRun } from './sse.ts';

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
    const known = background.find(run_id);
    if (known?.isWhole() === false) return answerFrames(context, streamRecording(known, reading));
    const run = await readRun(backend, run_id);
    if (known !== null && endedSo(known, run)) return answerFrames(context, streamRecording(known, reading));
    return answerFrames(context, await tellAgain(backend, run, reading));
  });
  return app;
}

/** Reads a run of an agent outside the trash. Throws 404. */
async function readRun(backend: LettaBackend, run_id: string): Promise<Run> {
  const run = await backend.call('runs.get', { run_id }, API);
  await readAgent(backend, run.agent_id);
  await backend.call('conversations.get', { conversation_id: run.conversation_id }, API);
  return run;
}

/** Whether a run has not gone on behind the end that was written down: after a decision or a resume it does. */
function endedSo(recording: Recording, { state, step_count }: Run): boolean {
  const end = recording.end();
  return end?.state === state && end.step_count === step_count;
}

/** What does not stand here piece by piece comes from the store, each message whole, under numbers that go on. */
async function tellAgain(
  backend: LettaBackend,
  { id: run_id, conversation_id }: Run,
  { after, include_pings }: Reading,
): Promise<ReadableStream<Uint8Array>> {
  const stop = new AbortController();
  const from = { conversation_id, run_id, decisions: [], after_seq: 0 };
  const events = await decideAndFollow(backend, from, stop.signal);
  const framer = createFramer({ ...WHOLE, include_pings, after });
  return streamRun({ events, framer, stop: () => stop.abort() });
}

const WHOLE = {
  use_assistant_message: true,
  stream_tokens: false,
  include_compaction_messages: false,
  background: true,
  types: null,
};
