import type { Look } from '../store/checkup/look.ts';
import { listOpenRuns } from '../store/checkup/open-work.ts';
import type { TalkHome } from '../store/checkup/talk-rows.ts';
import {
  findResults,
  keepWindowRows,
  listNewestAfter,
  readWindowRows,
  type StoredEntry,
} from '../store/checkup/window-rows.ts';
import type { Segment } from '../store/talk.ts';
import { type Damage, damage, type Mend, type Theatre } from './damage.ts';
import { lostSummaries } from './lost-summary.ts';
import { soundWindow, type WindowFault, type WindowRow } from './sound-window.ts';

type Fault = Omit<WindowFault, 'kind'> & { readonly kind: WindowFault['kind'] | 'window_behind' };
type Examined = { readonly rows: readonly WindowRow[]; readonly faults: readonly Fault[] };

/** What the model sees of each talk: only its own messages, in order, calls with their results, the newest there. */
export async function checkWindows(look: Look, homes: readonly TalkHome[]): Promise<Damage[]> {
  const found: Damage[] = [];
  for (const home of homes) {
    await look.pause();
    const { entries, talk } = await readWindowRows(look, home.id);
    found.push(...lostSummaries(home, entries));
    const mend: Mend = (theatre) => mendWindow(theatre, home.id);
    for (const fault of examine(look, home.id, { entries, talk }).faults)
      found.push(toDamage(home, fault, mend));
  }
  return found;
}

const WHAT: Readonly<Record<Fault['kind'], string>> = {
  window_missing: 'names a message that can not be shown',
  window_stray: 'shows a message that has no place there',
  window_order: 'shows messages in a wrong order',
  window_behind: 'does not show the newest messages',
};

const REPAIRS: Readonly<Record<Fault['kind'], string>> = {
  window_missing: 'The window shows what the history has of it, and nothing else.',
  window_stray: 'It is taken out of the window; the history keeps it.',
  window_order: 'The window is put in the order of the talk.',
  window_behind: 'They are put back from the history.',
};

function toDamage(home: TalkHome, { kind, ref, why }: Fault, mend: Mend): Damage {
  return damage({
    kind,
    severity: kind === 'window_order' ? 'warning' : 'error',
    ref: `${home.id} ${ref}`,
    agent_id: home.agent_id,
    conversation_id: home.id,
    what: `What the model sees ${WHAT[kind]}: ${why}.`,
    where: `window of ${home.id}, ${ref}`,
    repair: REPAIRS[kind],
    mend,
  });
}

const MOST_TOLD = 3;

/** Makes the window of a conversation sound from what the history has. `null` when it is. */
export async function mendWindow(
  { look, tx }: Pick<Theatre, 'look' | 'tx'>,
  conversation_id: string,
): Promise<string | null> {
  const { entries, talk } = await readWindowRows(look, conversation_id);
  const { rows, faults } = examine(look, conversation_id, { entries, talk });
  if (faults.length === 0) return null;
  await keepWindowRows(tx, conversation_id, rows);
  const left = rows.filter(({ kind }) => kind === 'message').length;
  const told = faults.slice(0, MOST_TOLD).map(({ ref, why }) => `${ref}: ${why}`);
  const more = faults.length > MOST_TOLD ? `; and ${faults.length - MOST_TOLD} more` : '';
  return `The window of ${conversation_id} is sound again and shows ${left} messages (${told.join('; ')}${more}).`;
}

function examine(
  look: Look,
  conversation_id: string,
  { entries, talk }: { readonly entries: readonly StoredEntry[]; readonly talk: readonly Segment[] },
): Examined {
  const sound = soundWindow(entries.map(toRow), talk);
  const back = withResults(look, { rows: sound.rows, talk, conversation_id });
  const newest = newestMissing(look, conversation_id, { rows: back.rows, entries });
  const rows = [...back.rows, ...newest.rows];
  return { rows, faults: [...sound.faults, ...back.faults, ...newest.faults] };
}

function toRow({ kind, ref, text, ...entry }: StoredEntry): WindowRow {
  const { message_id, conversation_id, seq, role, tool_call_id } = entry;
  if (message_id === null || conversation_id === null || seq === null || role === null) {
    return { kind, ref, text, message: null };
  }
  const message = { conversation_id, seq, role, tool_call_id, calls: callsOf(entry.tool_calls ?? '[]') };
  return { kind, ref, text, message };
}

function callsOf(text: string): readonly string[] {
  if (text === '[]') return [];
  try {
    const calls: unknown = JSON.parse(text);
    return Array.isArray(calls) ? calls.map((call: { tool_call_id: string }) => call.tool_call_id) : [];
  } catch {
    // What can not be read is a finding of its own, and is mended before.
    return [];
  }
}

type Place = {
  readonly rows: readonly WindowRow[];
  readonly talk: readonly Segment[];
  conversation_id: string;
};

/** Puts results back that the history has and the window does not show. */
function withResults(look: Look, { rows, talk, conversation_id }: Place): Examined {
  const shown = new Set(
    rows.flatMap(({ message }) => (message?.role === 'tool' ? (message.tool_call_id ?? []) : [])),
  );
  const lacking = rows.flatMap(({ message }) => message?.calls ?? []).filter((call) => !shown.has(call));
  if (lacking.length === 0 || isAtWork(look, conversation_id)) return { rows, faults: [] };
  const results = findResults(look, talk, lacking);
  const faults: Fault[] = [...results].map(([call, ref]) => ({
    kind: 'window_missing',
    ref,
    why: `the result of the call ${call} is not shown`,
  }));
  const full = rows.flatMap((row) => {
    const back = (row.message?.calls ?? []).flatMap((call) =>
      shown.has(call) ? [] : (results.get(call) ?? []),
    );
    return [row, ...back.map((ref): WindowRow => ({ kind: 'message', ref, text: null, message: null }))];
  });
  return { rows: full, faults };
}

function isAtWork(look: Look, conversation_id: string): boolean {
  return listOpenRuns(look).some((run) => run.conversation_id === conversation_id);
}

/** So many messages are put back into a window that lost its end; more comes by itself where there is room. */
const MOST_PUT_BACK = 60;

function newestMissing(
  look: Look,
  conversation_id: string,
  { rows, entries }: { readonly rows: readonly WindowRow[]; readonly entries: readonly StoredEntry[] },
): Examined {
  const shown = rows.map(({ message }) => message?.seq ?? 0);
  const covered = entries.map(({ covers_to_seq }) => covers_to_seq ?? 0);
  const seq = Math.max(0, ...shown, ...covered);
  const known = new Set(rows.map(({ ref }) => ref));
  const all = listNewestAfter(look, { conversation_id, seq, limit: MOST_PUT_BACK });
  const newest = all.filter(({ id }) => !known.has(id));
  if (newest.length === 0) return { rows: [], faults: [] };
  // The oldest that come back begin a turn, where that is possible.
  const start =
    all.length < MOST_PUT_BACK
      ? 0
      : Math.max(
          0,
          newest.findIndex(({ role }) => role === 'user'),
        );
  const back = newest.slice(start);
  const why = `${all.length === MOST_PUT_BACK ? 'at least ' : ''}${newest.length} messages after number ${seq} are not shown`;
  return {
    rows: back.map(({ id }) => ({ kind: 'message', ref: id, text: null, message: null })),
    faults: [{ kind: 'window_behind', ref: conversation_id, why }],
  };
}
