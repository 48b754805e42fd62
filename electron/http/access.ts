import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { refuse } from './errors.ts';

/** Who may ask. */
export type AccessOptions = {
  /** Address the server listens on. */
  readonly host: string;
  /** Origins beside its own whose pages may call, e.g. `https://app.example`. */
  readonly allowedOrigins: readonly string[];
};

const MEBIBYTE = 1024 * 1024;
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]', '::1']);
/** Calls that carry a whole agent file. */
const CARRIES_A_FILE = /^\/(?:ade\/rpc\/agents\.(?:import|inspect)|v1\/agents\/import)\/?$/;

/** Whether an address is reached from this computer alone. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.has(host) || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/**
 * Refuses, before any route runs, what a web page elsewhere could send behind a person's back: a foreign Host (DNS
 * rebinding), a foreign Origin, and cross-site writes. Calls that name no origin (curl, SDKs) pass.
 */
export function checkAccess(options: AccessOptions): MiddlewareHandler {
  return async (context, next) => {
    const problem = problemOf(context, options);
    if (problem !== null) return refuse(context, 403, problem);
    await next();
    return undefined;
  };
}

function problemOf(context: Context, { host, allowedOrigins }: AccessOptions): string | null {
  const asked = context.req.header('host') ?? '';
  if (isLoopback(host) && !isLoopback(asked.replace(/:\d+$/, ''))) {
    return `Memoir serves this computer only and does not answer to the host name "${asked}". Use 127.0.0.1 or localhost, or start it with --host.`;
  }
  const origin = context.req.header('origin');
  const isAllowed = origin !== undefined && allowedOrigins.includes(origin);
  if (origin !== undefined && !isAllowed && origin !== `http://${asked}`) {
    return `Pages of ${origin} may not call Memoir. Add the origin to MEMOIR_ALLOWED_ORIGINS to let them.`;
  }
  const isWrite = !['GET', 'HEAD', 'OPTIONS'].includes(context.req.method);
  if (isWrite && !isAllowed && context.req.header('sec-fetch-site') === 'cross-site') {
    return 'Another site tried to change something in Memoir; that is refused.';
  }
  return null;
}

/** Refuses calls by name whose body is not JSON: only a page of the same origin can send that type unasked. */
export function requireJson(): MiddlewareHandler {
  return async (context, next) => {
    const type = context.req.header('content-type') ?? '';
    if (/^application\/json\s*(?:;|$)/i.test(type)) return next();
    return refuse(
      context,
      415,
      `Send the input as application/json, not "${type === '' ? 'nothing' : type}".`,
    );
  };
}

/** Refuses bodies over 64 MiB; calls that carry an agent file may bring 512 MiB. */
export function limitBody(): MiddlewareHandler {
  const plain = limitTo(64);
  const file = limitTo(512);
  return (context, next) => (CARRIES_A_FILE.test(context.req.path) ? file : plain)(context, next);
}

function limitTo(mebibytes: number): MiddlewareHandler {
  return bodyLimit({
    maxSize: mebibytes * MEBIBYTE,
    onError: (context) =>
      refuse(
        context,
        413,
        `The request is larger than the ${mebibytes} MiB (${mebibytes * MEBIBYTE} bytes) taken here.`,
      ),
  });
}
