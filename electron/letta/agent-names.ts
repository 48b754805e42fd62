import { randomInt } from 'node:crypto';

const KINDS =
  'Amber Bold Bountiful Brisk Calm Cheerful Clever Curious Eager Gentle Golden Hearty Honest Jolly Keen Kind Lively ' +
  'Lucid Mellow Merry Nimble Patient Quiet Radiant Ready Silver Steady Sunny Swift Thoughtful Vivid Warm Wise Witty';
const ANIMALS =
  'Badger Beaver Bison Crane Curlew Deer Dolphin Falcon Finch Fox Gecko Hare Heron Ibis Jay Kestrel Koala Lark Lynx ' +
  'Marten Moose Newt Ostrich Otter Owl Panda Puffin Quail Raven Robin Seal Swan Tern Walrus Wren';

/** A name for an agent that came without one: two words, as V1 gives. */
export function inventName(): string {
  return oneOf(KINDS) + oneOf(ANIMALS);
}

function oneOf(words: string): string {
  const all = words.split(' ');
  return all[randomInt(all.length)] ?? '';
}
