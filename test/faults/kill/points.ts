import type { SceneName } from '../stage/scenes.ts';
import type { Deed, DeedWatch } from './statements.ts';

/** When a process dies at a deed: after it, inside its transaction; before that commits; after it has committed. */
export type Moment = 'at the deed' | 'before the commit' | 'after the commit';

/** A named place in the work of the product. */
export type Point = {
  /** Unique: what happens, and the moment. */
  readonly name: string;
  readonly scene: SceneName;
  readonly moment: Moment;
  /** A deed it is recognised by. */
  readonly deed: RegExp;
  /** A value the statement has, where the SQL alone says too little. */
  readonly value?: string;
};

type Place = Omit<Point, 'name' | 'moment'> & { readonly what: string; readonly moments?: readonly Moment[] };

const ALL: readonly Moment[] = ['at the deed', 'before the commit', 'after the commit'];
const ALONE: readonly Moment[] = ['at the deed'];

const PLACES: readonly Place[] = [
  { what: 'send', scene: 'talk', deed: /^insert into "inbox"/ },
  { what: 'open a run', scene: 'talk', deed: /^insert into "run"/ },
  { what: 'plan a step', scene: 'talk', deed: /^insert into "step" / },
  { what: 'step sent', scene: 'talk', deed: /^update "step" set "state"/, value: 'sent' },
  { what: 'answer received', scene: 'talk', deed: /^insert into "step_trace"/ },
  { what: 'calls kept', scene: 'talk', deed: /^insert into "tool_call"/ },
  { what: 'edit a block by tool', scene: 'talk', deed: /^insert into "block_version"/ },
  { what: 'result of a tool', scene: 'talk', deed: /^update "tool_call"/, value: 'done' },
  { what: 'file an entry by tool', scene: 'talk', deed: /^insert into "passage_version"/ },
  { what: 'index an entry', scene: 'talk', deed: /^insert into passage_fts/ },
  { what: 'end a run', scene: 'talk', deed: /^update "run" set "state"/, value: 'completed' },
  { what: 'save a draft', scene: 'long', deed: /^insert into "draft"/ },
  { what: 'answer in place of its draft', scene: 'long', deed: /^delete from "draft"/ },
  { what: 'take a message back', scene: 'queue', deed: /^update "inbox"/, value: 'withdrawn' },
  { what: 'cancel a run', scene: 'queue', deed: /^update "run" set "state"/, value: 'cancelled' },
  {
    what: 'go on with a run',
    scene: 'resume',
    deed: /^update "run" set "state".*"finished_at".*"max_steps"/,
  },
  { what: 'renew a lease', scene: 'lease', deed: /^update "run" set "lease_until"/ },
  { what: 'swap a window', scene: 'compaction', deed: /^insert into "summary"/ },
  { what: 'step of a compaction', scene: 'compaction', deed: /^insert into "step" /, value: 'compaction' },
  { what: 'swap a window by hand', scene: 'summary', deed: /^insert into "summary"/ },
  { what: 'put messages back', scene: 'summary', deed: /^delete from "window_entry"/ },
  { what: 'decide about a call', scene: 'approve', deed: /^update "approval"/, value: 'approved' },
  { what: 'go on after a decision', scene: 'approve', deed: /^update "run" set "state"/, value: 'running' },
  { what: 'deny a call', scene: 'deny', deed: /^update "approval"/, value: 'denied' },
  { what: 'ask for a call', scene: 'deny', deed: /^insert into "approval"/ },
  { what: 'let a run wait', scene: 'deny', deed: /^update "run" set "state"/, value: 'waiting' },
  { what: 'accept a proposal', scene: 'proposals', deed: /^update "proposal"/, value: 'accepted' },
  { what: 'propose an edit', scene: 'proposals', deed: /^insert into "proposal"/ },
  { what: 'reject a proposal', scene: 'proposals', deed: /^update "proposal"/, value: 'rejected' },
  { what: 'branch a talk', scene: 'branch', deed: /^insert into "conversation"/ },
  { what: 'fork an agent', scene: 'fork', deed: /^insert into "?agent"?/ },
  { what: 'edit a block by hand', scene: 'memory', deed: /^insert into "block_version"/ },
  { what: 'file an entry by hand', scene: 'memory', deed: /^insert into "passage_version"/ },
  { what: 'entry to the trash', scene: 'memory', deed: /^delete from passage_fts/ },
  { what: 'undo an edit', scene: 'memory', deed: /^update "(?:block|passage)_version" set "undone_by"/ },
  { what: 'make an agent', scene: 'house', deed: /^insert into "agent" / },
  { what: 'change an agent', scene: 'house', deed: /^update "agent"/, value: 'Eva' },
  { what: 'make a talk', scene: 'house', deed: /^insert into "conversation"/, value: 'Aside' },
  { what: 'import an agent', scene: 'import', deed: /^insert into "?message"?/ },
  { what: 'copy before an import', scene: 'import', deed: /^backup /, moments: ALONE },
  { what: 'name the copy of an import', scene: 'import', deed: /^rename /, moments: ALONE },
  { what: 'migrate', scene: 'start', deed: /alter table agent add column compaction/ },
  { what: 'copy before a migration', scene: 'start', deed: /^backup /, moments: ALONE },
  { what: 'name the copy of a migration', scene: 'start', deed: /^rename /, moments: ALONE },
  {
    what: 'close a run of the dead',
    scene: 'start',
    deed: /^update "run" set "state"/,
    value: 'interrupted',
  },
];

/** Every point, in the order of the places. */
export const points: readonly Point[] = PLACES.flatMap(({ what, moments = ALL, ...place }) =>
  moments.map((moment) => ({ ...place, moment, name: `${what}: ${moment}` })),
);

/** A point by its name. Throws for a name that is none. */
export function pointNamed(name: string): Point {
  const point = points.find((each) => each.name === name);
  if (point === undefined) throw new Error(`There is no point "${name}".`);
  return point;
}

/** A watch that strikes when the point is reached; in a transaction, all that matters is whether it did the deed. */
export function watchPoint({ deed, value, moment }: Point, strike: () => void): DeedWatch {
  let is_done = false;
  const matches = ({ text, values }: Deed): boolean =>
    deed.test(text) && (value === undefined || values.includes(value));
  return {
    before: ({ text }) => {
      if (moment === 'before the commit' && is_done && isCommit(text)) strike();
    },
    after: (each) => {
      if (isCommit(each.text)) {
        if (moment === 'after the commit' && is_done) strike();
        is_done = false;
      } else if (/^rollback\b(?! to)/i.test(each.text)) {
        is_done = false;
      } else if (matches(each)) {
        is_done = true;
        if (moment === 'at the deed') strike();
      }
    },
  };
}

function isCommit(text: string): boolean {
  return /^commit\b/i.test(text);
}
