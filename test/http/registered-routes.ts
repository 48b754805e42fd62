import type { Hono } from 'hono';
import { contract } from '../../shared/contract/index.ts';

/** A request that some route of an app answers. */
export type Route = { readonly method: string; readonly path: string };

const UNKNOWN = '00000000-0000-4000-8000-000000000000';
const EVERY_METHOD = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Prefixes of ids whose parameter is named otherwise. */
const PREFIXES: Readonly<Record<string, string>> = { conversation_id: 'conv', memory_id: 'passage' };

/**
 * Every route an app has, as it tells itself: ids filled in, `/ade/rpc/:name` once for each method of the contract, and
 * what answers all methods or paths asked for with each method and a path of no route.
 */
export function registeredRoutes(app: Hono): Route[] {
  const all = app.routes.flatMap(({ method, path }) => {
    const methods = method === 'ALL' ? EVERY_METHOD : [method];
    return pathsOf(path).flatMap((filled) => methods.map((each) => ({ method: each, path: filled })));
  });
  const known = new Map(all.map((route) => [`${route.method} ${route.path}`, route]));
  return [...known.values()];
}

function pathsOf(pattern: string): string[] {
  const path = pattern
    .replaceAll(/:(\w+_id)/g, (_, name: string) => `${PREFIXES[name] ?? name.replace('_id', '')}-${UNKNOWN}`)
    .replaceAll('*', 'anything');
  if (!path.includes(':')) return [path];
  if (path === '/ade/rpc/:name') {
    return Object.keys(contract).map((name) => `/ade/rpc/${name}`);
  }
  return [path.replaceAll(/:\w+/g, 'human')];
}
