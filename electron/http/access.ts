import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { AccessToken } from './access-token.ts';
import { refuse } from './errors.ts';
import { isDeclaredHost, isLoopback, isOwnHost, type OwnAddress } from './own-address.ts';

/** Who may ask. */
export type AccessOptions = OwnAddress & {
  /** Origins beside its own whose pages may call, e.g. `https://app.example`. */
  readonly allowedOrigins: readonly string[];
  /** What callers have to send; `null` lets all in, which holds on loopback only: elsewhere nobody is let in then. */
  readonly token: AccessToken | null;
};

const MEBIBYTE = 1024 * 1024;
/** Calls that carry a whole agent file. */
const CARRIES_A_FILE = /^\/(?:ade\/rpc\/agents\.(?:import|inspect)|v1\/agents\/import)\/?$/;
const TAKES_A_FORM = /^\/v1\/agents\/import\/?$/;
/** Pages that a link elsewhere may lead to. */
const PAGE = /^\/(?:ade\/?|ade\/sign-in)?$/;
/** What is the same in every Memoir: the ADE's files, which ask for the token themselves, and whether it runs. */
const OPEN =
  /^\/(?:ade\/?|ade\/index\.html|ade\/sign-in(?:\.js)?|ade\/assets\/[^/]+|v1\/(?:health|ready)\/?)?$/;

/**
 * Refuses, before any route runs, what a web page elsewhere could send behind a person's back: a Host that is not ours
 * (DNS rebinding), a foreign Origin, and whatever a browser says another site asked for. Calls that name no origin (curl,
 * SDKs) pass.
 */
export function checkAccess(options: AccessOptions): MiddlewareHandler {
  return async (context, next) => {
    const problem = problemOf(context, options);
    if (problem !== null) return refuse(context, 403, problem);
    await next();
    return undefined;
  };
}

function problemOf(context: Context, options: AccessOptions): string | null {
  const asked = (context.req.header('host') ?? '').toLowerCase();
  if (!isOwnHost(asked, options, portOf(context))) {
    return `Memoir does not answer to the host name "${asked}". Use the address it printed when it started, or declare the name in MEMOIR_ALLOWED_HOSTS.`;
  }
  const origin = context.req.header('origin');
  if (origin !== undefined) {
    if (options.allowedOrigins.includes(origin)) return null;
    if (!isOwnOrigin(origin, asked, options)) {
      return `Pages of ${origin} may not call Memoir. Add the origin to MEMOIR_ALLOWED_ORIGINS to let them.`;
    }
  }
  const site = context.req.header('sec-fetch-site') ?? 'none';
  if (site === 'same-origin' || site === 'none' || opensPage(context)) return null;
  return 'A page of another site asked for something in Memoir; that is refused.';
}

// `asked` was found to be ours before; compared with any other Host, a page of a rebound name would be its own.
function isOwnOrigin(origin: string, asked: string, options: AccessOptions): boolean {
  if (origin === `http://${asked}`) return true;
  return origin === `https://${asked}` && isDeclaredHost(asked, options);
}

function opensPage({ req }: Context): boolean {
  const isDocument =
    req.header('sec-fetch-mode') === 'navigate' && req.header('sec-fetch-dest') === 'document';
  return isDocument && isRead(req.method) && PAGE.test(req.path);
}

/** The port the request came in by; `null` when it came by none, as in a test without a socket. */
function portOf(context: Context): number | null {
  // What the Node adapter passes along.
  const { incoming } = (context.env ?? {}) as { incoming?: { socket?: { localPort?: number } } };
  return incoming?.socket?.localPort ?? null;
}

/** Refuses, beyond loopback or when a token is set, every request without it; the ADE's files and health stay open. */
export function requireToken({ host, token }: AccessOptions): MiddlewareHandler {
  const isNeeded = asksForToken({ host, token });
  return async (context, next) => {
    const { req } = context;
    if (!isNeeded || (isRead(req.method) && OPEN.test(req.path))) return next();
    if (sendsToken(context, token)) return next();
    const problem =
      givenTokens(context).length === 0
        ? 'This Memoir asks for a token'
        : 'That is not the token of this Memoir';
    const place = token?.place ?? 'nowhere yet: start Memoir with MEMOIR_SERVER_TOKEN';
    context.header('www-authenticate', 'Bearer realm="Memoir"');
    return refuse(
      context,
      401,
      `${problem}. Send it as "Authorization: Bearer TOKEN" (Letta clients: LETTA_API_KEY). It is ${place}.`,
    );
  };
}

/** Whether a request carries the token that counts now, which may be another than when it came. */
export function sendsToken(context: Context, token: AccessToken | null): boolean {
  return givenTokens(context).some((each) => token?.matches(each) === true);
}

/** Whether callers need a token: beyond loopback always, on loopback when one is set. */
export function asksForToken({ host, token }: Pick<AccessOptions, 'host' | 'token'>): boolean {
  return token !== null || !isLoopback(host);
}

/** As clients of Letta send it: in `Authorization`, or in the older `X-BARE-PASSWORD`. */
function givenTokens({ req }: Context): string[] {
  const bearer = /^bearer +(.+)$/i.exec(req.header('authorization') ?? '')?.[1];
  const bare = /^password +(.+)$/.exec(req.header('x-bare-password') ?? '')?.[1];
  return [bearer, bare].flatMap((each) => (each === undefined ? [] : [each.trim()]));
}

function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

/**
 * Refuses bodies that are not JSON, save the form of an import: a page elsewhere can send texts and forms without being
 * asked, JSON it can not. Requests without a body pass.
 */
export function requireJson(): MiddlewareHandler {
  return async (context, next) => {
    const { req } = context;
    const hasBody = req.header('transfer-encoding') !== undefined || Number(req.header('content-length')) > 0;
    const type = (req.header('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
    const isForm = type === 'multipart/form-data' && TAKES_A_FORM.test(req.path);
    if (!hasBody || type === 'application/json' || isForm) return next();
    return refuse(
      context,
      415,
      `Send the input as application/json, not "${type === '' ? 'nothing' : type}".`,
    );
  };
}

/** Refuses bodies over 64 MiB, by what they say before they are read; calls that carry an agent file may bring 512 MiB. */
export function limitBody(): MiddlewareHandler {
  const plain = limitTo(64);
  const file = limitTo(512);
  return (context, next) => (CARRIES_A_FILE.test(context.req.path) ? file : plain)(context, next);
}

function limitTo(mebibytes: number): MiddlewareHandler {
  const maxSize = mebibytes * MEBIBYTE;
  const onError = (context: Context): Response => {
    // What is still on its way would otherwise stand before the next request of the connection.
    context.header('connection', 'close');
    return refuse(
      context,
      413,
      `The request is larger than the ${mebibytes} MiB (${maxSize} bytes) taken here.`,
    );
  };
  const count = bodyLimit({ maxSize, onError });
  return async (context, next) => {
    if (context.req.header('transfer-encoding') !== undefined) return count(context, next);
    // A body that was looked at and not read to its end makes the adapter cut the connection; so this looks at none.
    if (Number(context.req.header('content-length') ?? 0) > maxSize) return onError(context);
    return next();
  };
}
