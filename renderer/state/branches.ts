import type { Conversation } from '../../shared/contract/conversations.ts';

/** Where a talk leaves another one: after this message of the conversation that holds it. */
export type Origin = { readonly parent_id: string; readonly after_seq: number };

/** A place at which talks part: after a message that they share. */
export type Parting = {
  /** Number of the last message they share; 0 for none. */
  readonly after_seq: number;
  /** Ids of the conversations that go on from there, the first one first. */
  readonly ways: readonly string[];
  /** Which of them is the one that is read, from 0. */
  readonly taken: number;
};

/** A conversation in its list: branches stand under the talk they left. */
export type ListedConversation = {
  readonly conversation: Conversation;
  /** 0 for one that stands by itself. */
  readonly depth: number;
  /** When anything was last said in it or its branches. */
  readonly newest_at: string;
};

/** Where a conversation began as a branch; `null` for one that holds its whole talk. */
export function originOf(
  conversations: readonly Conversation[],
  { parent_id, fork_seq }: Pick<Conversation, 'parent_id' | 'fork_seq'>,
): Origin | null {
  if (parent_id === null) return null;
  const parent = conversations.find(({ id }) => id === parent_id);
  const after_seq = fork_seq ?? 0;
  // A branch of a branch that both begin with the same message: they left the same talk.
  if (parent !== undefined && parent.parent_id !== null && after_seq <= (parent.fork_seq ?? 0)) {
    return originOf(conversations, { parent_id: parent.parent_id, fork_seq: after_seq });
  }
  return { parent_id, after_seq };
}

/** The places along a talk at which others part from it, oldest first. Those in the trash are no way to go. */
export function partingsOf(
  conversations: readonly Conversation[],
  conversationId: string,
): readonly Parting[] {
  const partings: Parting[] = [];
  let holder: string | null = conversationId;
  let next: { readonly id: string; readonly after_seq: number } | null = null;
  const origins = conversations.map((conversation) => {
    return { conversation, origin: originOf(conversations, conversation) };
  });
  while (holder !== null) {
    const own: Conversation | undefined = conversations.find(({ id }) => id === holder);
    const origin: Origin | null = own === undefined ? null : originOf(conversations, own);
    const children = origins.filter((each) => each.origin?.parent_id === holder);
    partings.push(
      ...partingsAt({ holder: own?.id ?? null, children, next, from: origin?.after_seq ?? null }),
    );
    next = origin === null ? null : { id: holder, after_seq: origin.after_seq };
    holder = origin?.parent_id ?? null;
  }
  return partings.toSorted((left, right) => left.after_seq - right.after_seq);
}

type Child = { readonly conversation: Conversation; readonly origin: Origin | null };

/** The partings at one conversation: `next` is its branch that the talk goes on with. */
function partingsAt(at: {
  readonly holder: string | null;
  readonly children: readonly Child[];
  readonly next: { readonly id: string; readonly after_seq: number } | null;
  /** Number of the message it began after; `null` where it holds its whole talk. */
  readonly from: number | null;
}): readonly Parting[] {
  const { holder, children, next, from } = at;
  const places = Map.groupBy(children, ({ origin }) => origin?.after_seq ?? 0);
  return [...places].flatMap(([after_seq, leaving]): Parting[] => {
    if (next !== null && after_seq > next.after_seq) return [];
    if (from !== null && after_seq <= from) return [];
    const branches = leaving
      .map(({ conversation }) => conversation)
      .toSorted(byAge)
      .map(({ id }) => id);
    const ways = holder === null ? branches : [holder, ...branches];
    const taken = ways.indexOf(next?.after_seq === after_seq ? next.id : (holder ?? ''));
    return ways.length < 2 || taken < 0 ? [] : [{ after_seq, ways, taken }];
  });
}

/** Puts conversations in the order of their list, the newest talk first, with each branch under what it left. */
export function inListOrder(conversations: readonly Conversation[]): readonly ListedConversation[] {
  const known = new Set(conversations.map(({ id }) => id));
  const children = Map.groupBy(conversations, (conversation) => {
    const parent = originOf(conversations, conversation)?.parent_id ?? null;
    return parent !== null && known.has(parent) ? parent : null;
  });
  const met = new Set<string>();
  const listed = (conversation: Conversation, depth: number): readonly ListedConversation[] => {
    if (met.has(conversation.id)) return [];
    met.add(conversation.id);
    const below = (children.get(conversation.id) ?? [])
      .toSorted(byAge)
      .flatMap((branch) => listed(branch, depth + 1));
    const newest_at = [lastAt(conversation), ...below.map((each) => each.newest_at)].toSorted().at(-1) ?? '';
    return [{ conversation, depth, newest_at }, ...below];
  };
  return (children.get(null) ?? [])
    .map((root) => listed(root, 0))
    .toSorted(([left], [right]) => (right?.newest_at ?? '').localeCompare(left?.newest_at ?? ''))
    .flat();
}

/** Whether anything that a conversation holds is read in another one's talk as well. */
export function branchesOf(
  conversations: readonly Conversation[],
  conversationId: string,
): readonly Conversation[] {
  return conversations.filter((each) => originOf(conversations, each)?.parent_id === conversationId);
}

/** Whether a talk begins with messages of another conversation. */
export function beginsIn(
  conversations: readonly Conversation[],
  conversationId: string | null,
  earlierId: string,
): boolean {
  const met = new Set<string>();
  let at = conversations.find(({ id }) => id === conversationId);
  while (at !== undefined && !met.has(at.id)) {
    met.add(at.id);
    const { parent_id }: Conversation = at;
    if (parent_id === earlierId) return true;
    at = conversations.find(({ id }) => id === parent_id);
  }
  return false;
}

/** When a conversation was last talked in; when it was made, for one that was not. */
export function lastAt({ last_message_at, created_at }: Conversation): string {
  return last_message_at ?? created_at;
}

function byAge(left: Conversation, right: Conversation): number {
  return left.created_at.localeCompare(right.created_at);
}
