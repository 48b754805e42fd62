import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import SqliteHandle from 'better-sqlite3';
import { STORE_FILE } from '../../../electron/store/open.ts';
import type { Run } from '../../../shared/contract/conversations.ts';
import { AppError } from '../../../shared/errors.ts';
import { words } from '../../agent/compaction/window-items.ts';
import type { Chance } from '../../helpers/chance.ts';
import { between } from '../chance.ts';
import { watchDeeds } from '../kill/statements.ts';
import { type HeardBackend, openHeard } from '../stage/listener.ts';
import { CUES } from '../stage/cues.ts';
import type { Player } from '../stage/player.ts';
import type { Stage } from '../stage/stage.ts';
import { type Tally, tallyOf } from '../tally.ts';
import { type Finding, findingsOf } from '../verify/findings.ts';
import { inspectFolder } from '../verify/rows.ts';

/** Largest number SQLite takes for `max_page_count`: as good as no end of room. */
const ROOM_PAGES = 1_073_741_823;
const MOST_STATEMENTS = 250;

/**
 * Fills the disk at a random statement of three turns: from then on the store can't grow by a page. Writes have to be refused
 * in words a person can act on, what was acknowledged has to be there, and all has to work once there is room.
 */
export async function fillDisk(stage: Stage, chance: Chance, again: string): Promise<Tally> {
  const folder = stage.folder();
  giveUpFreePages(folder);
  const heard = await openHeard(folder, stage.model.base_url);
  const disk = diskFullAfter(between(chance, 1, MOST_STATEMENTS));
  const findings: Finding[] = [];
  try {
    findings.push(...(await writeUntilRefused(heard, stage, disk)));
    disk.makeRoom();
    findings.push(...(await worksAgain(heard, stage)));
  } finally {
    disk.stop();
    await heard.backend.close();
  }
  findings.push(...inspectFolder(folder, stage.scratch, heard.acks, 'recovered'));
  return tallyOf(heard.acks.length, findings, again);
}

/** Pages that nothing uses any more would be room. */
function giveUpFreePages(folder: string): void {
  const handle = new SqliteHandle(join(folder, STORE_FILE));
  handle.exec('vacuum');
  handle.close();
}

type FillingDisk = { readonly fill: () => void; readonly makeRoom: () => void; readonly stop: () => void };

/** The disk below the store's writing connection, full after so many of its statements or when told so. */
function diskFullAfter(statements: number): FillingDisk {
  let writer: SqliteHandle.Database | null = null;
  let left = statements;
  const fill = (): void => {
    left = 0;
    const pages = Number(writer?.pragma('page_count', { simple: true }));
    writer?.pragma(`max_page_count = ${pages}`);
  };
  const stop = watchDeeds({
    before: ({ handle }) => {
      if (left === 0 || handle === null || handle.readonly || !handle.name.endsWith(STORE_FILE)) return;
      writer = handle;
      left -= 1;
      if (left === 0) fill();
    },
  });
  return { fill, stop, makeRoom: () => void writer?.pragma(`max_page_count = ${ROOM_PAGES}`) };
}

/** More than what is left of the last page of anything, so that it surely does not fit. */
const LARGE = words(90_000, 1);

async function writeUntilRefused(
  { player }: HeardBackend,
  { cast }: Stage,
  disk: FillingDisk,
): Promise<Finding[]> {
  const { conversation_id, agent_id } = cast.ada;
  const findings: Finding[] = [];
  for (const text of [`I like tea ${CUES.edit}`, `${words(2400, 3)} ${CUES.edit}`, `All ${CUES.long}`]) {
    try {
      const error = (await sayOrQueue(player, conversation_id, text))?.error ?? null;
      if (error !== null)
        findings.push(...judge(new AppError(error.code as AppError['code'], error.message)));
    } catch (error) {
      findings.push(...judge(error));
    }
  }
  disk.fill();
  for (let entry = 0; entry < 3; entry += 1) {
    try {
      await player.call('archive.add', { agent_id, text: LARGE });
    } catch (error) {
      return [...findings, ...judge(error)];
    }
  }
  return [...findings, ...findingsOf('other', ['a full disk took 270 kB'])];
}

/**
 * Says something and waits for its run, or until it waits visibly while nothing is at work (`null`): a message may still
 * have fit where its run did not. Such a run is tried again every few seconds.
 */
async function sayOrQueue(player: Player, conversation_id: string, text: string): Promise<Run | null> {
  const said = player.say(conversation_id, text);
  said.catch(() => undefined);
  for (;;) {
    const end = await Promise.race([said, wait(200, null)]);
    if (end !== null) return end;
    const { run, queue } = await player.call('runs.current', { conversation_id });
    if (queue.length > 0 && run?.state !== 'running') return null;
  }
}

function judge(error: unknown): Finding[] {
  if (error instanceof AppError && error.code === 'store_full' && error.message.includes('Free some space')) {
    return [];
  }
  return findingsOf(error instanceof AppError ? 'other' : 'silent', [`refused with: ${String(error)}`]);
}

async function worksAgain({ player }: HeardBackend, { cast }: Stage): Promise<Finding[]> {
  try {
    await player.call('archive.add', { agent_id: cast.ada.agent_id, text: LARGE });
    const { conversation_id } = cast.ada;
    const { state, error } = await player.say(conversation_id, 'Are you there?');
    const { queue } = await player.call('runs.current', { conversation_id });
    if (queue.length > 0) return findingsOf('silent', ['a message still waits, though there is room']);
    return state === 'completed'
      ? []
      : findingsOf('silent', [`the next turn ended ${state}: ${error?.message ?? ''}`]);
  } catch (error) {
    return findingsOf('silent', [`with room again: ${String(error)}`]);
  }
}
