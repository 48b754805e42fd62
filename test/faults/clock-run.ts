import { systemClock, type Clock } from '../../electron/store/clock.ts';
import { toTimestamp } from '../../electron/store/encoding.ts';
import type { MemoirEvent } from '../../shared/events.ts';
import type { Chance } from '../helpers/chance.ts';
import { between } from './chance.ts';
import { pointNamed } from './kill/points.ts';
import { dieAt } from './kill/point-run.ts';
import { openHeard } from './stage/listener.ts';
import { CUES } from './stage/cues.ts';
import type { Player } from './stage/player.ts';
import type { createNursery } from './stage/start-child.ts';
import type { Stage } from './stage/stage.ts';
import { type Tally, tallyOf } from './tally.ts';
import type { Ack } from './verify/acks.ts';
import { type Finding, findingsOf } from './verify/findings.ts';
import { revive } from './verify/revive.ts';
import { inspectFolder } from './verify/rows.ts';

const TEN_YEARS_MS = 315_576_000_000;

/** A clock that is set by up to ten years, back or forth, at every tenth look or so. */
export function jumpingClock(chance: Chance): Clock {
  let off_ms = 0;
  return {
    ...systemClock,
    now: () => {
      if (chance.next() < 0.1) off_ms = between(chance, -TEN_YEARS_MS, TEN_YEARS_MS);
      return toTimestamp(new Date(Date.now() + off_ms));
    },
  };
}

/**
 * Talks, files and decides while the clock jumps; then dies at work, and starts again ten years before or after. Order
 * and pages have to hold, no lease may keep anybody waiting, and every agent has to answer.
 */
export async function jumpClock(
  stage: Stage,
  nursery: ReturnType<typeof createNursery>,
  chance: Chance,
  again: string,
): Promise<Tally> {
  const folder = stage.folder();
  const { base_url } = stage.model;
  const clock = jumpingClock(chance);
  const heard = await openHeard(folder, base_url, clock);
  const findings: Finding[] = [];
  try {
    findings.push(...(await liveThroughJumps(heard.player, heard.backend.subscribe, stage)));
  } catch (error) {
    findings.push(...findingsOf('silent', [`while the clock jumped: ${String(error)}`]));
  } finally {
    await heard.backend.close();
  }
  const acks: Ack[] = [...heard.acks];
  const died = await dieAt(pointNamed('calls kept: after the commit'), { stage, nursery, folder, acks });
  const years = chance.pick([-TEN_YEARS_MS, TEN_YEARS_MS]);
  const later: Clock = { ...systemClock, now: () => toTimestamp(new Date(Date.now() + years)) };
  findings.push(...died, ...(await revive(folder, base_url, stage.talks, later)));
  findings.push(...inspectFolder(folder, stage.scratch, acks, 'recovered'));
  return tallyOf(acks.length, findings, again);
}

async function liveThroughJumps(
  { call, say }: Player,
  subscribe: (listener: (envelope: { readonly event: MemoirEvent }) => void) => () => void,
  { cast: { dan } }: Stage,
): Promise<Finding[]> {
  const { conversation_id, agent_id } = dan;
  const heard: string[] = await allMessages(call, conversation_id);
  const filed: string[] = [];
  const stop = subscribe(({ event }) => {
    if (event.type === 'message.added' && event.message.conversation_id === conversation_id) {
      heard.push(event.message.id);
    }
  });
  for (let turn = 0; turn < 4; turn += 1) {
    await say(conversation_id, turn % 2 === 0 ? `I like tea ${CUES.edit}` : 'And now?');
    filed.push((await call('archive.add', { agent_id, text: `By hand ${turn}`, tags: [] })).id);
  }
  stop();
  const told = await allMessages(call, conversation_id);
  const entries = await allEntries(call, agent_id);
  return [
    ...findingsOf('other', told.join() === heard.join() ? [] : ['the talk is not in the order it was said']),
    ...findingsOf('other', new Set(entries).size === entries.length ? [] : ['an entry is on two pages']),
    ...findingsOf('lost', filed.every((id) => entries.includes(id)) ? [] : ['an entry is on no page']),
  ];
}

async function allMessages(call: Player['call'], conversation_id: string): Promise<string[]> {
  const ids: string[] = [];
  for (let before_seq: number | undefined; ;) {
    const page = await call('messages.list', { conversation_id, limit: 3, before_seq });
    ids.unshift(...page.messages.map(({ id }) => id));
    if (!page.has_more) return ids;
    before_seq = page.messages[0]?.seq;
  }
}

async function allEntries(call: Player['call'], agent_id: string): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await call('archive.list', { agent_id, limit: 2, cursor });
    ids.push(...page.passages.map(({ id }) => id));
    if (page.next === null) return ids;
    cursor = page.next;
  }
}
