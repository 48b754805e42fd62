import type { Write } from '../database.ts';
import { type Look, scanTable, selectRows } from './look.ts';

/** Agents outside the trash without the one conversation every agent has. */
export function findAgentsWithoutTalk(look: Look): { readonly id: string; readonly name: string }[] {
  return selectRows(
    look,
    `select id, name from agent where deleted_at is null and not exists (select 1 from conversation
      where conversation.agent_id = agent.id and is_default = 1 and conversation.deleted_at is null) order by rowid`,
  ) as unknown as { readonly id: string; readonly name: string }[];
}

/** A proposal that waits for a decision about memory that is not there. */
export type StaleProposal = {
  readonly id: string;
  readonly agent_id: string;
  readonly kind: 'block' | 'passage';
  readonly label: string;
};

/** Finds proposals about blocks and entries that are gone or in the trash. New entries name none yet. */
export async function findStaleProposals(look: Look): Promise<StaleProposal[]> {
  return (await scanTable(look, {
    from: 'proposal as this',
    key: 'this.rowid',
    columns: 'this.id, this.agent_id, this.kind, this.label',
    where: `this.state = 'pending' and this.base_version > 0 and not exists (
      select 1 from block where this.kind = 'block' and block.id = this.target_id and block.deleted_at is null
      union all
      select 1 from passage where this.kind = 'passage' and passage.id = this.target_id and passage.deleted_at is null)`,
  })) as unknown as StaleProposal[];
}

/** Withdraws a proposal that waits. Answers whether it did. */
export async function withdrawProposal(tx: Write, proposal_id: string, now: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('proposal')
    // Its agent is not told: nobody decided, and what it was about is gone.
    .set({ state: 'withdrawn', decided_at: now, told_at: now })
    .where('id', '=', proposal_id)
    .where('state', '=', 'pending')
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** Names of agents by id, trash included. */
export function namesOfAgents(look: Look): ReadonlyMap<string, string> {
  return new Map(
    selectRows(look, 'select id, name from agent').map(({ id, name }) => [String(id), String(name)] as const),
  );
}

/** Ids of agents outside the trash. */
export function listLivingAgents(look: Look): readonly string[] {
  return selectRows(look, 'select id from agent where deleted_at is null order by rowid').map(({ id }) =>
    String(id),
  );
}
