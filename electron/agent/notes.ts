import type { Proposal } from '../../shared/contract/approvals.ts';
import type { Read, Write } from '../store/database.ts';
import { clipText } from '../store/encoding.ts';
import { listUntoldProposals, markProposalsTold } from '../store/proposals.ts';
import { appendWindowEntry, listWindowBlocks, type WindowBlock, type WindowItem } from '../store/window.ts';
import { renderMemoryUpdate } from './prompts/memory.ts';

type Note = Extract<WindowItem, { kind: 'note' | 'summary' | 'memory_delta' }>;
type Home = { readonly agent_id: string; readonly conversation_id: string };

/** News for the model of a conversation that its window does not hold yet: what became of its proposals. */
export async function newNotes(db: Read, home: Home, after_ord: number): Promise<readonly Note[]> {
  const decided = await listUntoldProposals(db, home.conversation_id);
  if (decided.length === 0) return [];
  const blocks = await listWindowBlocks(db, home.agent_id);
  return decided.map((proposal, index) => {
    const is_last = !decided.slice(index + 1).some((later) => changes(later, proposal.target_id));
    const block = blocks.find(({ id }) => is_last && changes(proposal, id));
    const is_held = proposal.kind !== 'block' || blocks.some(({ id }) => id === proposal.target_id);
    const text = noteOn(proposal, { block, is_held });
    return { ord: after_ord + 1 + index, kind: 'note', ref: proposal.id, text };
  });
}

function changes(proposal: Proposal, block_id: string): boolean {
  return proposal.change_id !== null && proposal.target_id === block_id;
}

/** Puts such news into the window for good. */
export async function keepNotes(
  tx: Write,
  conversation_id: string,
  kept: { readonly notes: readonly Note[]; readonly now: string },
): Promise<void> {
  for (const { ref, text } of kept.notes) {
    await appendWindowEntry(tx, conversation_id, { kind: 'note', ref, text });
  }
  await markProposalsTold(
    tx,
    kept.notes.map(({ ref }) => ref),
    kept.now,
  );
}

/** Tells the news before a person speaks, so that what they said stays the last thing the model reads. */
export async function tellNews(tx: Write, home: Home, now: string): Promise<void> {
  await keepNotes(tx, home.conversation_id, { notes: await newNotes(tx, home, 0), now });
}

const SHOWN_CHARS = 2000;

type Target = {
  /** The block as it reads now, to be shown; `undefined` where a later note shows it. */
  readonly block: WindowBlock | undefined;
  /** Whether the agent still has what the proposal was about. */
  readonly is_held: boolean;
};

function noteOn(proposal: Proposal, { block, is_held }: Target): string {
  const words = proposal.state === 'accepted' ? acceptedWords(proposal, is_held) : rejectedWords(proposal);
  const answer = proposal.answer?.trim() ?? '';
  const said = answer === '' ? '' : `\nTheir words: ${shown(answer)}`;
  const note = `<system_note>\n${words}${said}\n</system_note>`;
  return block === undefined ? note : `${note}\n${renderMemoryUpdate([block])}`;
}

/** What was proposed, as a person would name it. */
function named({ kind, label }: Proposal): string {
  return kind === 'block' ? `the edit of ${label}` : `the archive entry "${label}"`;
}

function acceptedWords(proposal: Proposal, is_held: boolean): string {
  const { after, edited, change_id, label } = proposal;
  const how = edited === null || edited === after ? '' : ', with changes';
  const held = change_id === null ? 'Memory held it already.' : 'It is in memory now.';
  const where = is_held ? held : `The block ${label} is detached from you meanwhile, so you do not see it.`;
  return `The person accepted ${named(proposal)} you proposed${how}. ${where}`;
}

function rejectedWords(proposal: Proposal): string {
  return (
    `The person rejected ${named(proposal)} you proposed; memory stays as it was. ` +
    `Do not propose the same again. It was:\n${shown(proposal.after ?? '')}`
  );
}

function shown(text: string): string {
  return text.length > SHOWN_CHARS ? `${clipText(text, SHOWN_CHARS)}…` : text;
}
