import type { MethodName } from '../../shared/contract/index.ts';
import { decideProposedEdit } from '../memory/proposals.ts';
import { eventsOfBlockEdit, eventsOfPassageEdit } from '../memory/events.ts';
import { listApprovals, toApproval } from '../store/approvals.ts';
import { listProposals } from '../store/proposals.ts';
import type { ApiDeps } from './deps.ts';
import type { Handlers } from './dispatch.ts';

type ApprovalMethod = Extract<MethodName, `approvals.${string}` | `proposals.${string}`>;

/** What waits for a person: calls to allow, edits of memory to accept. */
export function approvalHandlers(deps: ApiDeps): Pick<Handlers, ApprovalMethod> {
  const { database, clock, emit, runtime } = deps;
  return {
    'approvals.list': async (filter) => ({
      approvals: (await listApprovals(database.read, filter)).map(toApproval),
    }),
    'approvals.decide': async ({ decisions, client_tools }, { actor }) => ({
      approvals: await runtime.decide(decisions, actor, client_tools),
    }),
    'proposals.list': async (filter) => ({ proposals: await listProposals(database.read, filter) }),
    'proposals.decide': async (decision, { actor }) => {
      const { proposal, edit, passage_edit, change, is_new } = await database.transaction((tx) =>
        decideProposedEdit(tx, decision, { clock, actor }),
      );
      if (is_new) {
        emit({ type: 'proposal.changed', proposal });
        const changed = edit === null ? [] : eventsOfBlockEdit(edit);
        const filed = passage_edit === null ? [] : eventsOfPassageEdit(passage_edit);
        for (const event of [...changed, ...filed]) emit(event);
      }
      return { proposal, change };
    },
  };
}
