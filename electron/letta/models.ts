import { Hono } from 'hono';
import { API, type LettaBackend } from './backend.ts';
import { wireModel } from './wire.ts';

/** `/models`: models that can answer here. There is no embedder, so the second list is empty. */
export function modelRoutes({ call }: LettaBackend): Hono {
  const app = new Hono({ strict: false });
  app.get('/models', async (context) => {
    const { models } = await call('models.list', {}, API);
    return context.json(models.filter((model) => model.available).map(wireModel));
  });
  app.get('/models/embedding', (context) => context.json([]));
  return app;
}
