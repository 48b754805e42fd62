import { Hono } from 'hono';
import { API, type LettaBackend } from './backend.ts';

/** `/health` and `/ready`. `status` is `ok`, or the state of a store that did not open. */
export function healthRoutes({ call }: LettaBackend): Hono {
  const app = new Hono({ strict: false });
  for (const path of ['/health', '/ready']) {
    app.get(path, async (context) => {
      const { version, store } = await call('system.info', {}, API);
      return context.json({ version, status: store === 'ready' ? 'ok' : store, server: 'memoir' });
    });
  }
  return app;
}
