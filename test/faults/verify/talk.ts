import type SqliteHandle from 'better-sqlite3';
import { segmentsOf, type TalkHome } from '../../../electron/store/talk.ts';
import { brokenLink } from './digests.ts';

type Talk = TalkHome & { readonly next_seq: number; readonly digest: string };

type Said = {
  readonly id: string;
  readonly conversation_id: string;
  readonly seq: number;
  readonly role: string;
  readonly created_at: string;
  readonly content: string;
  readonly tool_calls: string;
  readonly tool_call_id: string | null;
  readonly status: string;
  readonly digest: string;
};

/** Gaps in the numbers of a talk, breaks in its chain of digests, and a head that is not its last message. */
export function findBrokenTalk(handle: SqliteHandle.Database): string[] {
  const talks = handle.prepare('select * from conversation').all() as Talk[];
  const homes = new Map(talks.map((talk) => [talk.id, talk]));
  const messages = handle.prepare('select * from message order by conversation_id, seq').all() as Said[];
  const places = new Map(messages.map((said) => [`${said.conversation_id} ${said.seq}`, said]));
  const own = Map.groupBy(messages, ({ conversation_id }) => conversation_id);
  return talks.flatMap((talk) => {
    const first = talk.parent_id === null ? 1 : (talk.fork_seq ?? 0) + 1;
    const faults: string[] = [];
    let digest = digestBefore(homes, places, talk, first);
    for (const [index, said] of (own.get(talk.id) ?? []).entries()) {
      if (said.seq !== first + index)
        faults.push(`${talk.id} has message ${said.seq} in place ${first + index}`);
      const { id, seq, role, created_at, content, tool_calls, tool_call_id, status } = said;
      const facts = [id, String(seq), role, created_at, content, tool_calls, tool_call_id ?? '', status];
      if (brokenLink(digest, said.digest, facts)) faults.push(`the chain of ${talk.id} breaks at ${seq}`);
      ({ digest } = said);
    }
    const next = first + (own.get(talk.id)?.length ?? 0);
    if (talk.next_seq !== next) faults.push(`${talk.id} goes on with ${talk.next_seq} instead of ${next}`);
    if (talk.digest !== digest) faults.push(`the head of ${talk.id} is not its last message`);
    return faults;
  });
}

function digestBefore(
  homes: ReadonlyMap<string, Talk>,
  places: ReadonlyMap<string, Said>,
  talk: Talk,
  first: number,
): string {
  const segments = segmentsOf(talk.id, (id) => homes.get(id));
  const seq = first - 1;
  const holder = segments.find(
    ({ after_seq, to_seq }) => seq > after_seq && to_seq !== null && seq <= to_seq,
  );
  return holder === undefined ? '' : (places.get(`${holder.conversation_id} ${seq}`)?.digest ?? '');
}

/** What a window shows that is not there, and messages of an own talk that neither it nor a summary shows. */
export function findBrokenWindows(handle: SqliteHandle.Database): string[] {
  const missing = handle
    .prepare(
      `select conversation_id || ' ' || kind || ' ' || ref from window_entry where
         (kind = 'message' and not exists (select 1 from message where message.id = ref)) or
         (kind = 'summary' and not exists (select 1 from summary where summary.id = ref))`,
    )
    .pluck()
    .all() as string[];
  const hidden = handle
    .prepare(
      `select m.conversation_id || ' ' || m.seq from message m join conversation c on c.id = m.conversation_id
       where c.parent_id is null and not exists (select 1 from import_id where local_id = m.agent_id)
         and not exists (select 1 from window_entry e
           where e.conversation_id = c.id and e.kind = 'message' and e.ref = m.id)
         and not exists (select 1 from window_entry e join summary s on s.id = e.ref
           where e.conversation_id = c.id and e.kind = 'summary'
             and m.seq between s.covers_from_seq and s.covers_to_seq)`,
    )
    .pluck()
    .all() as string[];
  return [
    ...missing.map((entry) => `a window shows ${entry}, which is not there`),
    ...hidden.map((place) => `message ${place} is in no window and under no summary`),
  ];
}

/** Results without a call; and of calls that nobody is asked about, those without exactly one result. */
export function findUnpaired(handle: SqliteHandle.Database, is_recovered: boolean): string[] {
  const messages = handle
    .prepare('select conversation_id, role, tool_calls, tool_call_id from message order by seq')
    .all() as Pick<Said, 'conversation_id' | 'role' | 'tool_calls' | 'tool_call_id'>[];
  const results = new Map<string, number>();
  for (const { conversation_id, tool_call_id } of messages) {
    if (tool_call_id === null) continue;
    const key = `${conversation_id} ${tool_call_id}`;
    results.set(key, (results.get(key) ?? 0) + 1);
  }
  const open = new Set(
    handle
      .prepare(
        `select c.conversation_id || ' ' || c.tool_call_id from tool_call c join run on run.id = c.run_id
         where c.state in ('pending', 'waiting', 'running')
           and run.state in (${is_recovered ? "'waiting'" : "'waiting', 'running'"})`,
      )
      .pluck()
      .all() as string[],
  );
  const calls = messages.flatMap(({ conversation_id, tool_calls }) =>
    (JSON.parse(tool_calls) as { tool_call_id: string }[]).map(
      (call) => `${conversation_id} ${call.tool_call_id}`,
    ),
  );
  const made = new Set(calls);
  return [
    ...calls
      .filter((key) => (results.get(key) ?? 0) !== (open.has(key) ? 0 : 1))
      .map(
        (key) => `the call ${key} has ${results.get(key) ?? 0} results${open.has(key) ? ' and is open' : ''}`,
      ),
    ...[...results.keys()].filter((key) => !made.has(key)).map((key) => `the result ${key} has no call`),
  ];
}
