import { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import { contract } from '../../shared/contract/index.ts';
import { type Attempt, findMistakes, watchedApp, type WatchedApp } from './access-matrix.ts';
import { registeredRoutes, type Route } from './registered-routes.ts';

const REACHES = ['loopback', 'network'] as const;

/** A request nothing speaks against. */
const FAIR = {
  host: 'loopback',
  origin: 'none',
  site: 'unsaid',
  mode: 'cors',
  token: 'right',
  type: 'json',
  size: 'small',
} as const;

/** Each route with each combination of the given values. */
function* combine(
  routes: readonly Route[],
  values: { [Key in keyof typeof FAIR]?: readonly Attempt[Key][] },
): Generator<Attempt> {
  const lists = Object.entries(values);
  const count = lists.reduce((product, [, list]) => product * list.length, 1);
  for (const route of routes) {
    for (let index = 0; index < count; index += 1) {
      let rest = index;
      const chosen = lists.map(([key, list]) => {
        const value = list[rest % list.length];
        rest = Math.floor(rest / list.length);
        return [key, value] as const;
      });
      yield { ...FAIR, ...route, ...(Object.fromEntries(chosen) as Partial<Attempt>) };
    }
  }
}

const reads = ({ method }: Route): boolean => method === 'GET';

function routesOf({ app }: WatchedApp): Route[] {
  // What is open to reading is not open to writing; no route is registered there.
  const writes = ['/', '/ade/', '/ade/sign-in', '/v1/health'].map((path) => ({ method: 'POST', path }));
  return [...registeredRoutes(app), { method: 'GET', path: '/ade/assets/anything' }, ...writes];
}

const WHO = {
  host: ['loopback', 'ip', 'declared', 'foreign', 'rebound', 'other_port'],
  origin: ['none', 'own', 'foreign', 'null'],
  token: ['none', 'wrong', 'right'],
} as const;
const WHAT = { type: ['json', 'text', 'form'], size: ['small', 'large'] } as const;
const FROM = {
  site: ['unsaid', 'cross-site', 'same-site'],
  mode: ['cors', 'navigate'],
  origin: ['none', 'own', 'allowed'],
  token: ['none', 'right'],
} as const;

describe('every registered route', () => {
  test('is looked at: those of the contract, of /v1 and of the ADE', () => {
    const routes = registeredRoutes(watchedApp('network').app);
    const under = (start: string): number => routes.filter(({ path }) => path.startsWith(start)).length;
    expect(under('/ade/rpc/')).toBe(Object.keys(contract).length);
    expect(under('/v1/')).toBeGreaterThan(40);
    expect(routes.map(({ method, path }) => `${method} ${path}`)).toEqual(
      expect.arrayContaining([
        'GET /',
        'GET /ade/events',
        'GET /ade/sign-in',
        'POST /v1/agents',
        'PUT /anything',
      ]),
    );
  });

  test.each(REACHES)(
    'on the %s: host, origin, token, type and size decide alone who is let in',
    async (reach) => {
      const watched = watchedApp(reach);
      const routes = routesOf(watched);
      expect(await findMistakes(watched, combine(routes.filter(reads), WHO))).toEqual([]);
      const writes = routes.filter((route) => !reads(route));
      expect(await findMistakes(watched, combine(writes, { ...WHO, ...WHAT }))).toEqual([]);
    },
  );

  test.each(REACHES)(
    'on the %s: what another site asks for is refused, save to open a page',
    async (reach) => {
      const watched = watchedApp(reach);
      expect(await findMistakes(watched, combine(routesOf(watched), FROM))).toEqual([]);
    },
  );

  test('a route that was mounted before the checks is found', async () => {
    const watched = watchedApp('network');
    const planted = new Hono();
    planted.get('/v1/hole/:agent_id', (context) => context.text('open'));
    planted.post('/ade/hole', (context) => context.text('open'));
    planted.route('/', watched.app);
    const holed = { ...watched, app: planted };
    const mistakes = await findMistakes(
      holed,
      combine(routesOf(holed), { host: ['rebound'], token: ['none'] }),
    );
    const found = mistakes.map((mistake) => (JSON.parse(mistake.split('}: ')[0] + '}') as Route).path);
    expect(found).toEqual(['/v1/hole/agent-00000000-0000-4000-8000-000000000000', '/ade/hole']);
  });

  test.each(['type', 'size', 'token', 'origin', 'site'] as const)(
    'a route that looks at no %s is found',
    async (blind) => {
      const watched = watchedApp('network');
      const wrong = {
        type: 'text',
        size: 'large',
        token: 'wrong',
        origin: 'foreign',
        site: 'cross-site',
      } as const;
      const planted = new Hono();
      planted.post('/hole', (context) => context.text('open'));
      const attempts = combine([{ method: 'POST', path: '/hole' }], { [blind]: [wrong[blind]] });
      expect(await findMistakes({ ...watched, app: planted }, attempts)).toHaveLength(1);
    },
  );
});
