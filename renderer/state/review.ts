import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Client } from '../../shared/client.ts';
import type { Approval, ApprovalDecision, Proposal } from '../../shared/contract/approvals.ts';
import type { InputOf, OutputOf } from '../../shared/contract/index.ts';

type ById<Each> = Readonly<Record<string, Each>>;

/** What waits or waited for a person: calls to allow and edits of memory to accept, of all agents, as far as known. */
export type ReviewState = {
  /** False until what waits was read once. */
  readonly loaded: boolean;
  readonly approvals: ById<Approval>;
  readonly proposals: ById<Proposal>;
  /** More may wait than one reading told. */
  readonly has_more: boolean;
  /** Reads all that waits. What is known to wait and is not told any more is forgotten. */
  readonly load: () => Promise<void>;
  /** Reads what was decided last. */
  readonly loadDecided: () => Promise<void>;
  /** Decides about calls, all or none. Rejects with what the backend says against it; then nothing was decided. */
  readonly decide: (decisions: readonly ApprovalDecision[]) => Promise<void>;
  /** Accepts or rejects an edit. Rejects with `conflict` when its text changed meanwhile. */
  readonly decideProposal: (
    decision: InputOf<'proposals.decide'>,
  ) => Promise<OutputOf<'proposals.decide'>['change']>;
  /** Takes over what was read or told; what is decided stays so, whatever an older reading says. */
  readonly put: (told: Told) => void;
  /** Forgets what waits of an agent that is gone. */
  readonly dropAgent: (agentId: string) => void;
};

/** Approvals and proposals that were read or told. */
type Told = { readonly approvals?: readonly Approval[]; readonly proposals?: readonly Proposal[] };

/** As many as one reading tells. */
const MOST = 500;

/** Decided ones that are shown. */
const LAST_DECIDED = 100;

/** Makes the store of what is to be reviewed. */
export function createReviewStore(client: Client): StoreApi<ReviewState> {
  return createStore<ReviewState>()((set, get) => {
    const put = (told: Told): void => set((state) => withTold(state, told));
    const readOn = async (): Promise<void> => {
      if (get().has_more && waitingOf(get()).length === 0) await get().load();
    };
    return {
      loaded: false,
      approvals: {},
      proposals: {},
      has_more: false,
      load: async () => {
        const known = new Set(waitingOf(get()).map(({ id }) => id));
        const [{ approvals }, { proposals }] = await Promise.all([
          client.call('approvals.list', { limit: MOST }),
          client.call('proposals.list', { limit: MOST }),
        ]);
        const told = new Set([...approvals, ...proposals].map(({ id }) => id));
        const isGone = (id: string): boolean => known.has(id) && !told.has(id);
        set((state) => ({
          ...withTold(
            withoutWaiting(state, ({ id }) => isGone(id)),
            { approvals, proposals },
          ),
          loaded: true,
          has_more: approvals.length === MOST || proposals.length === MOST,
        }));
      },
      loadDecided: async () => {
        const newest = { newest_first: true, limit: LAST_DECIDED };
        const [{ approvals }, { proposals }] = await Promise.all([
          client.call('approvals.list', { ...newest, states: [...DECIDED_CALLS] }),
          client.call('proposals.list', { ...newest, states: [...DECIDED_EDITS] }),
        ]);
        put({ approvals, proposals });
      },
      decide: async (decisions) => {
        put(await client.call('approvals.decide', { decisions: [...decisions] }));
        await readOn();
      },
      decideProposal: async (decision) => {
        const { proposal, change } = await client.call('proposals.decide', decision);
        put({ proposals: [proposal] });
        await readOn();
        return change;
      },
      put,
      dropAgent: (agentId) => set((state) => withoutWaiting(state, ({ agent_id }) => agent_id === agentId)),
    };
  });
}

const DECIDED_CALLS = ['approved', 'denied', 'returned', 'expired', 'cancelled'] as const;
const DECIDED_EDITS = ['accepted', 'rejected', 'withdrawn'] as const;

type Facts = Pick<ReviewState, 'approvals' | 'proposals'>;

/** Something to be reviewed, or that was. */
export type ReviewItem =
  | { readonly kind: 'call'; readonly id: string; readonly agent_id: string; readonly call: Approval }
  | { readonly kind: 'edit'; readonly id: string; readonly agent_id: string; readonly edit: Proposal };

/** All that is known, waiting or decided. */
export function itemsOf({ approvals, proposals }: Facts): readonly ReviewItem[] {
  return [
    ...Object.values(approvals).map((call): ReviewItem => ({
      kind: 'call',
      id: call.id,
      agent_id: call.agent_id,
      call,
    })),
    ...Object.values(proposals).map((edit): ReviewItem => ({
      kind: 'edit',
      id: edit.id,
      agent_id: edit.agent_id,
      edit,
    })),
  ];
}

/** What waits for a person. */
export function waitingOf(facts: Facts): readonly ReviewItem[] {
  return itemsOf(facts).filter(isWaiting);
}

/** Whether nobody has decided about it yet. */
export function isWaiting(item: ReviewItem): boolean {
  return (item.kind === 'call' ? item.call : item.edit).state === 'pending';
}

/** The calls of a run that wait, in the order they were made. */
export function waitingCalls({ approvals }: Pick<Facts, 'approvals'>, runId: string): readonly Approval[] {
  return Object.values(approvals)
    .filter(({ run_id, state }) => run_id === runId && state === 'pending')
    .toSorted((left, right) => left.created_at.localeCompare(right.created_at));
}

function withTold(state: Facts, { approvals = [], proposals = [] }: Told): Facts {
  return { approvals: merged(state.approvals, approvals), proposals: merged(state.proposals, proposals) };
}

function merged<Each extends { readonly id: string; readonly state: string }>(
  known: ById<Each>,
  told: readonly Each[],
): ById<Each> {
  const news = told.filter(({ id, state }) => state !== 'pending' || (known[id]?.state ?? state) === state);
  return news.length === 0 ? known : { ...known, ...Object.fromEntries(news.map((each) => [each.id, each])) };
}

function withoutWaiting(
  state: Facts,
  isGone: (each: { readonly id: string; readonly agent_id: string }) => boolean,
): Facts {
  return { approvals: without(state.approvals, isGone), proposals: without(state.proposals, isGone) };
}

function without<Each extends { readonly id: string; readonly agent_id: string; readonly state: string }>(
  known: ById<Each>,
  isGone: (each: Each) => boolean,
): ById<Each> {
  return Object.fromEntries(
    Object.entries(known).filter(([, each]) => each.state !== 'pending' || !isGone(each)),
  );
}
