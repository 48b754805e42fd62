import { talkLong } from './long-talk.ts';

// 2,000 turns on a window of 8k without a manual step: none stuck, no request too long, an old fact found, and the
// provider's cache of each request of use to the next.
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

const start = performance.now();
const talk = await talkLong(Number(process.argv[2] ?? 2000), 8192);
const seconds = Math.round((performance.now() - start) / 1000);
const { stuck, refusals, fact, shared } = talk;
process.stdout.write(
  `${talk.turns} turns on ${talk.window} tokens in ${seconds} s: ${stuck.length} stuck, ${refusals.length} refused, ` +
    `${talk.compactions} compactions; longest request ${talk.longest} tokens; bytes shared with the request before ` +
    `(compactions left out): mean ${percent(shared.mean)}, least ${percent(shared.least)} (aim >= 90 %), ` +
    `${talk.broken} that do not begin with all of it; the fact of ` +
    `turn 5 ${fact.found ? 'found' : 'NOT found'} at turn ${talk.turns - 10}, ${fact.was_in_window ? 'while still in' : 'long out of'} the window\n`,
);
for (const line of [...stuck, ...refusals].slice(0, 10)) process.stdout.write(`${line}\n`);
const is_sound =
  stuck.length + refusals.length + talk.broken === 0 &&
  talk.longest <= talk.window &&
  fact.found &&
  !fact.was_in_window &&
  shared.mean >= 0.9;
process.exitCode = is_sound ? 0 : 1;
