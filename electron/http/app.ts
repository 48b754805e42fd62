import { Hono } from 'hono';
import { cors } from 'hono/cors';
import { AppError } from '../../shared/errors.ts';
import { type Dispatch, isMethodName } from '../api/dispatch.ts';
import type { EventHub } from '../api/event-hub.ts';
import { checkAccess, limitBody, requireJson } from './access.ts';
import { answerError } from './errors.ts';
import { streamEvents } from './event-stream.ts';
import { answerFile } from './static-files.ts';

/** What the HTTP door needs. */
export type HttpOptions = {
  readonly call: Dispatch;
  readonly subscribe: EventHub['subscribe'];
  /** Routes under `/v1`. */
  readonly letta: Hono;
  /** Folder of the built renderer; it may be missing. */
  readonly rendererDir: string;
  /** Address the server listens on; decides which Host headers are right. */
  readonly host: string;
  readonly allowedOrigins: readonly string[];
  /** Ends open event streams. */
  readonly closing: AbortSignal;
  readonly log: (line: string) => void;
};

const PING_MS = 15_000;
const MAX_WAITING_CHARACTERS = 16 * 1024 * 1024;

/**
 * Makes the HTTP door: access checks before any route, `POST /ade/rpc/{name}`, the event stream `/ade/events`, the
 * ADE's files, and the Letta routes under `/v1`.
 */
export function createApp(options: HttpOptions): Hono {
  const app = new Hono({ strict: false });
  app.onError((error, context) => {
    if (!(error instanceof AppError))
      options.log(`${context.req.method} ${context.req.path}: ${error.stack ?? ''}`);
    return answerError(context, error);
  });
  app.notFound((context) => context.text('Not found', 404));

  app.use(checkAccess(options));
  if (options.allowedOrigins.length > 0) {
    app.use('/v1/*', cors({ origin: [...options.allowedOrigins], credentials: true }));
  }
  app.use(limitBody());

  app.get('/', (context) => context.redirect('/ade/'));
  addCalls(app, options);
  addEvents(app, options);
  addFiles(app, options);
  app.route('/v1', options.letta);
  app.all('/v1/*', (context) => context.json({ detail: 'Not Found' }, 404));
  return app;
}

function addCalls(app: Hono, { call }: HttpOptions): void {
  app.post('/ade/rpc/:name', requireJson(), async (context) => {
    const name = context.req.param('name');
    if (!isMethodName(name)) throw new AppError('not_found', `There is no method named ${name}.`);
    const input = parseJson(await context.req.text());
    // The name was checked; the dispatch parses the input against that method's own shape.
    const output = await call(name, input as never, { actor: 'user' });
    return context.json(output, 200, { 'cache-control': 'no-store' });
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('invalid_input', 'The body of the request is not JSON.', { cause });
  }
}

function addEvents(app: Hono, { subscribe, closing }: HttpOptions): void {
  app.get('/ade/events', (context) =>
    context.body(
      streamEvents({ subscribe, signal: closing, pingMs: PING_MS, maxWaiting: MAX_WAITING_CHARACTERS }),
      200,
      {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      },
    ),
  );
}

function addFiles(app: Hono, { rendererDir }: HttpOptions): void {
  app.get('/ade', async (context) => {
    const { pathname } = new URL(context.req.url);
    return pathname === '/ade' ? context.redirect('/ade/') : answerFile(context, rendererDir, '');
  });
  app.get('/ade/*', (context) => {
    const { pathname } = new URL(context.req.url);
    return answerFile(context, rendererDir, pathname.slice('/ade/'.length));
  });
}
