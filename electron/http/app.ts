import { Hono } from 'hono';
import { cors } from 'hono/cors';
import { AppError } from '../../shared/errors.ts';
import { type Dispatch, isMethodName } from '../api/dispatch.ts';
import type { EventHub } from '../api/event-hub.ts';
import { payloadProblem } from '../payload.ts';
import type { AccessToken } from './access-token.ts';
import { asksForToken, checkAccess, limitBody, requireJson, requireToken, sendsToken } from './access.ts';
import { answerError } from './errors.ts';
import { streamEvents } from './event-stream.ts';
import { answerSignIn, answerSignInScript } from './sign-in.ts';
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
  /** Names it is reached by besides, with or without a port. Default: none. */
  readonly allowedHosts?: readonly string[];
  readonly allowedOrigins: readonly string[];
  /** What callers have to send. Default: nothing on loopback; elsewhere nobody is let in. */
  readonly token?: AccessToken | null;
  /** Ends open event streams. */
  readonly closing: AbortSignal;
  readonly log: (line: string) => void;
  /** Log a line for each request, without what it asks for. Default false. */
  readonly verbose?: boolean;
};

const PING_MS = 15_000;
/** Bodies were measured before, by the route; what is parsed is no larger. */
const MOST_MEBIBYTES = 512;
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

  if (options.verbose === true) addLines(app, options.log);
  addChecks(app, options);
  app.get('/', (context) => context.redirect('/ade/'));
  addCalls(app, options);
  addEvents(app, options);
  addFiles(app, options);
  app.route('/v1', options.letta);
  app.all('/v1/*', (context) => context.json({ detail: 'Not Found' }, 404));
  return app;
}

function addLines(app: Hono, log: HttpOptions['log']): void {
  app.use(async (context, next) => {
    const from = performance.now();
    await next();
    const took_ms = Math.round(performance.now() - from);
    log(`${context.req.method} ${context.req.path} ${context.res.status} ${took_ms} ms`);
  });
}

// Before all routes: what is added above them is open to everyone.
function addChecks(app: Hono, options: HttpOptions): void {
  const { allowedHosts = [], token = null } = options;
  const access = { ...options, allowedHosts, token };
  app.use(checkAccess(access));
  if (options.allowedOrigins.length > 0) {
    // A browser asks what it may send (OPTIONS) without sending the token yet.
    app.use('/v1/*', cors({ origin: [...options.allowedOrigins] }));
  }
  app.use(requireToken(access));
  app.use(requireJson());
  app.use(limitBody());
}

function addCalls(app: Hono, { call }: HttpOptions): void {
  app.post('/ade/rpc/:name', async (context) => {
    const name = context.req.param('name');
    if (!isMethodName(name)) throw new AppError('not_found', `There is no method named ${name}.`);
    const input = parseJson(await context.req.text());
    const problem = payloadProblem(input, MOST_MEBIBYTES);
    if (problem !== null) throw new AppError('invalid_input', `The input ${problem}. Nothing was done.`);
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

function addEvents(app: Hono, { subscribe, closing, host, token = null }: HttpOptions): void {
  const limits = { pingMs: PING_MS, maxWaiting: MAX_WAITING_CHARACTERS };
  const isOpen = !asksForToken({ host, token });
  app.get('/ade/events', (context) => {
    // A token that was replaced ends the streams it had opened.
    const isAllowed = (): boolean => isOpen || sendsToken(context, token);
    return context.body(streamEvents({ subscribe, signal: closing, isAllowed, ...limits }), 200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
  });
}

function addFiles(app: Hono, { rendererDir, host, token = null }: HttpOptions): void {
  if (asksForToken({ host, token })) {
    app.get('/ade/sign-in', answerSignIn);
    app.get('/ade/sign-in.js', answerSignInScript);
  }
  app.get('/ade', async (context) => {
    const { pathname } = new URL(context.req.url);
    return pathname === '/ade' ? context.redirect('/ade/') : answerFile(context, rendererDir, '');
  });
  app.get('/ade/*', (context) => {
    const { pathname } = new URL(context.req.url);
    return answerFile(context, rendererDir, pathname.slice('/ade/'.length));
  });
}
