import { holdsMessage, type Segment } from '../store/talk.ts';

/** An entry of a window with what its reference leads to. */
export type WindowRow = {
  readonly kind: 'message' | 'summary' | 'memory_delta' | 'note';
  readonly ref: string;
  readonly text: string | null;
  /** `null` when there is no such message, or the entry is none. */
  readonly message: WindowedMessage | null;
};

/** What of a message matters for its place. */
export type WindowedMessage = {
  readonly conversation_id: string;
  readonly seq: number;
  readonly role: string;
  readonly tool_call_id: string | null;
  readonly calls: readonly string[];
};

/** What is wrong with a window. */
export type WindowFault = {
  readonly kind: 'window_missing' | 'window_stray' | 'window_order';
  readonly ref: string;
  readonly why: string;
};

/** A window as it should be, and what of it was not so. Without faults the rows are the ones that came. */
export type SoundWindow = { readonly rows: readonly WindowRow[]; readonly faults: readonly WindowFault[] };

/**
 * Makes a window sound, purely: entries that lead nowhere or to another talk go, messages stand in the order of the
 * talk, and behind every call stand its results and nothing else. Which words are shown is not changed.
 */
export function soundWindow(rows: readonly WindowRow[], talk: readonly Segment[]): SoundWindow {
  const faults: WindowFault[] = [];
  const present = inOrder(ownRows(rows, talk, faults), faults);
  const kept = behindCalls(present, faults);
  return faults.length === 0 ? { rows, faults } : { rows: kept, faults };
}

function ownRows(rows: readonly WindowRow[], talk: readonly Segment[], faults: WindowFault[]): WindowRow[] {
  const met = new Set<string>();
  return rows.filter((row) => {
    const fault = faultOf(row, talk, met);
    met.add(row.ref);
    if (fault !== null) faults.push(fault);
    return fault === null;
  });
}

function faultOf(row: WindowRow, talk: readonly Segment[], met: ReadonlySet<string>): WindowFault | null {
  const { kind, ref, message } = row;
  if (kind !== 'message') return null;
  if (message === null) return { kind: 'window_missing', ref, why: 'it is not in the history' };
  if (!holdsMessage(talk, message)) return { kind: 'window_stray', ref, why: 'it belongs to another talk' };
  return met.has(ref) ? { kind: 'window_stray', ref, why: 'it is shown twice' } : null;
}

// What is no message keeps its place behind what stands before it; results follow their calls below.
function inOrder(rows: readonly WindowRow[], faults: WindowFault[]): readonly WindowRow[] {
  let at = 0;
  let latest = 0;
  const keyed = rows.map((row, index) => {
    if (row.message !== null && row.message.role !== 'tool') {
      at = row.message.seq;
      if (at < latest) {
        faults.push({ kind: 'window_order', ref: row.ref, why: `it stands behind message ${latest}` });
      }
      latest = Math.max(latest, at);
    }
    return { row, at, index };
  });
  return keyed.toSorted((a, b) => a.at - b.at || a.index - b.index).map(({ row }) => row);
}

function behindCalls(rows: readonly WindowRow[], faults: WindowFault[]): readonly WindowRow[] {
  const owners = ownersOf(rows, faults);
  const own = Map.groupBy(
    rows.filter((row) => owners.has(row)),
    (row) => owners.get(row),
  );
  const kept: WindowRow[] = [];
  for (const [index, row] of rows.entries()) {
    if (row.message?.role === 'tool') continue;
    kept.push(row, ...(own.get(row) ?? []));
    // Several results may come in any order, but nothing stands between them.
    for (const [offset] of (own.get(row) ?? []).entries()) {
      const follower = rows[index + 1 + offset];
      if (follower !== undefined && owners.get(follower) === row) continue;
      faults.push({ kind: 'window_order', ref: row.ref, why: 'its results do not stand right behind it' });
      break;
    }
  }
  return kept;
}

/** To which message each result belongs; one without a call, or a second one, is a fault. */
function ownersOf(rows: readonly WindowRow[], faults: WindowFault[]): Map<WindowRow, WindowRow> {
  const open = new Map<string, WindowRow>();
  for (const row of rows) for (const call of row.message?.calls ?? []) open.set(call, row);
  const owners = new Map<WindowRow, WindowRow>();
  for (const row of rows) {
    if (row.message?.role !== 'tool') continue;
    const id = row.message.tool_call_id ?? '';
    const owner = open.get(id);
    open.delete(id);
    if (owner === undefined) {
      faults.push({ kind: 'window_stray', ref: row.ref, why: 'it is the result of no call that is shown' });
    } else owners.set(row, owner);
  }
  return owners;
}
