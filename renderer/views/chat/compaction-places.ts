import type { Message } from '../../../shared/contract/conversations.ts';
import type { Summary } from '../../../shared/contract/summaries.ts';
import { turnsOf } from './turns.ts';

/**
 * Where compactions happened in a talk: the newest summary by the id of the turn that was the last one then. Those
 * before the first message that was read have no place.
 */
export function compactionPlaces(
  messages: readonly Message[],
  summaries: readonly Summary[],
): ReadonlyMap<string, Summary> {
  if (summaries.length === 0) return new Map();
  const turns = turnsOf(messages);
  const places = new Map<string, Summary>();
  for (const summary of summaries.toSorted((left, right) => compare(left.created_at, right.created_at))) {
    // What a turn began with is what was said last before it.
    const turn = turns.findLast(({ at }) => compare(at, summary.created_at) <= 0);
    if (turn !== undefined) places.set(turn.id, summary);
  }
  return places;
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
