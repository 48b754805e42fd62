import type { TalkHome } from '../store/checkup/talk-rows.ts';
import { readWindowRows, type StoredEntry } from '../store/checkup/window-rows.ts';
import { insertSummary } from '../store/summaries.ts';
import { type Damage, damage, type Theatre } from './damage.ts';

/** Summaries the window shows whose own row is gone: they could not be opened again. */
export function lostSummaries(home: TalkHome, entries: readonly StoredEntry[]): Damage[] {
  return entries.filter(isLost).map(({ ref }) =>
    damage({
      kind: 'lost_summary',
      severity: 'warning',
      ref,
      agent_id: home.agent_id,
      conversation_id: home.id,
      what: 'The window shows a summary that is not kept, so it can not be opened again.',
      where: `summary ${ref} in the window of ${home.id}`,
      repair: 'It is kept again, with the words the window shows and the messages before the next one there.',
      mend: (theatre) => keepAgain(theatre, home, ref),
    }),
  );
}

function isLost({ kind, covers_to_seq }: StoredEntry): boolean {
  return kind === 'summary' && covers_to_seq === null;
}

async function keepAgain({ tx, look, now }: Theatre, home: TalkHome, ref: string): Promise<string | null> {
  const { entries } = await readWindowRows(look, home.id);
  const at = entries.findIndex((entry) => entry.ref === ref && isLost(entry));
  if (at === -1) return null;
  const next = entries.slice(at + 1).find(({ seq }) => seq !== null)?.seq ?? home.next_seq;
  const before = entries.slice(0, at).findLast(({ seq, covers_to_seq }) => (covers_to_seq ?? seq) !== null);
  const covers_from_seq = (before?.covers_to_seq ?? before?.seq ?? 0) + 1;
  const covers_to_seq = Math.max(covers_from_seq, next - 1);
  const messages = covers_to_seq - covers_from_seq + 1;
  await insertSummary(tx, {
    id: ref,
    conversation_id: home.id,
    text: entries[at]?.text ?? '',
    covers_from_seq,
    covers_to_seq,
    parent_id: null,
    model: null,
    mode: 'sliding_window',
    stats: {
      trigger: 'manual',
      tokens_before: 0,
      tokens_after: 0,
      messages_before: messages,
      messages_after: 0,
      window: 0,
      fallback: 'Kept again by the Doctor from the words of the window.',
    },
    run_id: null,
    created_at: now,
    prompt_hash: null,
  });
  return `The summary of messages ${covers_from_seq} to ${covers_to_seq} is kept again, so that it can be opened.`;
}
