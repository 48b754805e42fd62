import { type Chance, seededChance } from '../helpers/chance.ts';

/** Chance by a seed and a place in a run, so that any one case can be had again. */
export function chanceAt(...seeds: readonly number[]): Chance {
  let mixed = 0x9e37_79b9;
  for (const seed of seeds) mixed = Math.imul(mixed ^ seed, 0x85eb_ca6b) ^ (mixed >>> 13);
  return seededChance(mixed);
}

/** A whole number from `low` to `high`, both included. */
export function between(chance: Chance, low: number, high: number): number {
  return low + chance.below(high - low + 1);
}
