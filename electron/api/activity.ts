import type { MethodName } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { countActivities } from '../store/activity/count.ts';
import { findPlace, findPlaces } from '../store/activity/find.ts';
import { loadActivities } from '../store/activity/load.ts';
import { fromCursor, toCursor } from '../store/activity/place.ts';
import { readAgent } from '../store/agents.ts';
import type { ApiDeps } from './deps.ts';
import type { Handlers } from './dispatch.ts';

type ActivityMethod = Extract<MethodName, `activity.${string}`>;

/** What happened, across agents. */
export function activityHandlers({ database }: ApiDeps): Pick<Handlers, ActivityMethod> {
  const { read } = database;
  return {
    'activity.list': async ({ query = '', cursor, ...filter }) => {
      if (filter.agent_id !== undefined) await readAgent(read, filter.agent_id);
      const words = query.split(/\s+/u).filter((word) => word !== '');
      const after = cursor === undefined ? null : fromCursor(cursor);
      const { places, next } = await findPlaces(read, { ...filter, words, after });
      return {
        activities: await loadActivities(read, places),
        next: next === null ? null : toCursor(next),
      };
    },
    'activity.get': async ({ id }) => {
      const place = await findPlace(read, id);
      const [found] = place === null ? [] : await loadActivities(read, [place]);
      if (found !== undefined) return found;
      throw new AppError('not_found', 'This is not here; its agent may have been deleted for good.', {
        details: { id },
      });
    },
    'activity.count': async ({ spans, ...filter }) => {
      if (filter.agent_id !== undefined) await readAgent(read, filter.agent_id);
      const counts = [];
      for (const span of spans) counts.push(await countActivities(read, filter, span));
      return { counts };
    },
  };
}
