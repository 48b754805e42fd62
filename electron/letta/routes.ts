import { Hono } from 'hono';
import { agentRoutes } from './agents.ts';
import type { LettaBackend } from './backend.ts';
import { createBackgroundRuns } from './background-runs.ts';
import { blockRoutes, coreMemoryRoutes } from './blocks.ts';
import { compactionRoutes } from './compaction.ts';
import { answerLettaError } from './errors.ts';
import { conversationRoutes } from './conversations.ts';
import { guideRoutes } from './guide.ts';
import { healthRoutes } from './health.ts';
import { messageRoutes } from './messages.ts';
import { modelRoutes } from './models.ts';
import { passageSearchRoutes } from './passage-search.ts';
import { passageRoutes } from './passages.ts';
import { createRepeats } from './repeats.ts';
import { runRoutes } from './runs.ts';
import { toolRoutes } from './tools.ts';
import { transferRoutes } from './transfer.ts';

/** The Letta V1 routes, to be mounted under `/v1`. Each is served with and without a slash at its end. */
export function createLettaRoutes(backend: LettaBackend): Hono {
  const app = new Hono({ strict: false });
  app.onError((error, context) => answerLettaError(context, error, backend.log));
  const repeats = createRepeats();
  const background = createBackgroundRuns();
  const resources = [
    healthRoutes(backend),
    // Before the agents' own routes: `/agents/import` and `/agents/{id}/...` must not be taken for an id.
    transferRoutes(backend),
    messageRoutes(backend, repeats, background),
    conversationRoutes(backend, repeats, background),
    runRoutes(backend, background),
    compactionRoutes(backend),
    guideRoutes(backend),
    coreMemoryRoutes(backend),
    passageRoutes(backend),
    passageSearchRoutes(backend),
    toolRoutes(backend),
    agentRoutes(backend),
    blockRoutes(backend),
    modelRoutes(backend),
  ];
  for (const resource of resources) app.route('/', resource);
  return app;
}
