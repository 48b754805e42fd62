import type { RevertedEdit } from '../../../shared/contract/branches.ts';
import type { Message } from '../../../shared/contract/conversations.ts';
import { t } from '../../messages/t.ts';
import { partingsOf, type Parting } from '../../state/branches.ts';
import { openConversation } from '../../state/navigation.ts';
import type { Stores } from '../../state/stores.ts';
import { goToMessage } from '../chat/show-message.ts';
import { reveal } from '../chat/reveal.ts';

/** Where the words of a message that is being edited are kept. */
export function editPlace(messageId: string): string {
  return `edit:${messageId}`;
}

/** Opens the editor below a message of a person. */
export async function beginEdit(stores: Stores, message: Message): Promise<void> {
  const { conversation_id } = stores.talk.getState();
  if (conversation_id === null) return;
  await stores.branching.getState().begin({ kind: 'edit', conversation_id, message, turn_id: message.id });
}

/**
 * Asks for another answer to a message: at once where its turns changed no memory, else after the question what becomes
 * of that. `turnId` is the answer there is.
 */
export async function beginAgain(stores: Stores, message: Message, turnId: string): Promise<void> {
  const { conversation_id } = stores.talk.getState();
  if (conversation_id === null) return;
  const { begin } = stores.branching.getState();
  await begin({ kind: 'again', conversation_id, message, turn_id: turnId });
  const { task } = stores.branching.getState();
  if (task?.turn_id !== turnId || task.error !== null || task.effects === null) return;
  if (task.effects.every(({ state }) => state === 'reverted')) await sendBranch(stores);
}

/** Makes the branch that is being prepared and opens it. What failed stands in the task. */
export async function sendBranch(stores: Stores, text?: string): Promise<void> {
  const { task, send } = stores.branching.getState();
  const made = await send(text);
  if (made === null || task === null) return;
  stores.drafts.getState().drop(editPlace(task.message.id));
  stores.conversations.getState().put(made.conversation);
  await openConversation(stores, made.conversation.id);
  const words = wordsOf(made.reverted);
  if (words !== null) stores.toast.getState().show(words);
}

function wordsOf(reverted: readonly RevertedEdit[]): string | null {
  if (reverted.length === 0) return null;
  const kept = reverted.filter(({ state }) => state === 'kept').length;
  const words = t('branch.reverted', { count: reverted.length - kept });
  return kept === 0 ? words : t('branch.revertedKept', { words, count: kept });
}

/** Opens the newest message of a person for editing, or says that there is none. */
export async function editLast(stores: Stores): Promise<void> {
  const { messages } = stores.talk.getState();
  const message = messages.findLast(({ role }) => role === 'user');
  if (message === undefined) return stores.toast.getState().show(t('acts.nothingToEdit'));
  reveal(message.id);
  await beginEdit(stores, message);
}

/** Asks for another answer to the newest message, or says that there is none. */
export async function regenerateLast(stores: Stores): Promise<void> {
  const { messages } = stores.talk.getState();
  const from = messages.findLastIndex(({ role }) => role === 'user' || role === 'system');
  const [asked, answer] = [messages[from], messages[from + 1]];
  if (asked === undefined || answer === undefined) {
    return stores.toast.getState().show(t('acts.nothingToRepeat'));
  }
  reveal(answer.id);
  await beginAgain(stores, asked, answer.id);
}

/** Opens the way `step` further at a parting, round and round, and stays at the place where they part. */
export async function takeWay(
  stores: Stores,
  { ways, taken, after_seq }: Parting,
  step: 1 | -1,
): Promise<void> {
  const way = ways[(taken + step + ways.length) % ways.length];
  if (way === undefined) return;
  await openConversation(stores, way);
  await goToSeq(stores, after_seq + 1);
}

/** The parting one switches at by key: the last of the open talk. `null` where it has none. */
export function lastParting({ conversations }: Stores): Parting | null {
  const { conversations: known, selected_id } = conversations.getState();
  return selected_id === null ? null : (partingsOf(known, selected_id).at(-1) ?? null);
}

/** Goes to the message of a number in the open talk, reading as far back as needed. */
export async function goToSeq(stores: Stores, seq: number): Promise<void> {
  const { talk } = stores;
  const { conversation_id } = talk.getState();
  const isMissing = (): boolean => {
    const { messages, has_more } = talk.getState();
    return has_more && (messages[0]?.seq ?? 0) > seq;
  };
  while (isMissing()) {
    await talk.getState().loadOlder();
    if (talk.getState().conversation_id !== conversation_id) return;
  }
  const message = talk.getState().messages.find((each) => each.seq >= seq);
  if (message !== undefined) await goToMessage(stores, { message_id: message.id, conversation_id: null });
}
