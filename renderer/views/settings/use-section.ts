import { useState } from 'react';
import type { Agent } from '../../../shared/contract/agents.ts';
import type { InputOf } from '../../../shared/contract/index.ts';
import { AppError, toWire } from '../../../shared/errors.ts';
import { t } from '../../messages/t.ts';
import { useStores, type Stores } from '../../state/stores.ts';
import { useDraft } from '../../state/use-draft.ts';

/** Which fields of an agent a section shows, and how they are sent. */
export type SectionFields<Fields> = {
  readonly read: (agent: Agent) => Fields;
  readonly write: (fields: Fields) => Omit<InputOf<'agents.update'>, 'agent_id' | 'base_version'>;
};

/** A section being edited. It follows the agent until the first edit, and the person from then on. */
export type Section<Fields> = {
  readonly draft: Fields;
  readonly isDirty: boolean;
  /** The same fields were changed elsewhere since the first edit. */
  readonly hasConflict: boolean;
  readonly busy: boolean;
  readonly failure: string | null;
  readonly change: (fields: Partial<Fields>) => void;
  /** Drops what was edited. */
  readonly revert: () => void;
  /** Sends the draft; with `overwrite` even over a change made elsewhere. Never rejects: see `failure`. */
  readonly save: (overwrite?: boolean) => Promise<void>;
};

/**
 * Edits some fields of an agent. Changes elsewhere to other fields of the agent are no conflict. What was edited and not
 * saved waits through other pages and a reload.
 */
export function useSection<Fields extends object>(
  agent: Agent,
  fields: SectionFields<Fields>,
): Section<Fields> {
  const stores = useStores();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const current = fields.read(agent);
  const names = Object.keys(current);
  const kept = useDraft(`settings:${agent.id}:${names.join()}`, (value): value is Edit<Fields> =>
    isEdit(value, names),
  );
  const edit = kept.value;
  const isDirty = edit !== null && !isSame(edit.draft, current);
  const save = async (overwrite = false): Promise<void> => {
    if (edit === null || busy) return;
    setBusy(true);
    setFailure(null);
    try {
      const base = overwrite ? current : edit.base;
      if (await send(stores, { agent, fields, base, draft: edit.draft })) kept.drop();
    } catch (error) {
      setFailure(t('settings.saveFailed', { message: toWire(error).message }));
    } finally {
      setBusy(false);
    }
  };
  return {
    draft: edit?.draft ?? current,
    isDirty,
    hasConflict: isDirty && !isSame(edit.base, current),
    busy,
    failure,
    change: (changed) => {
      const draft = { ...(edit?.draft ?? current), ...changed };
      if (isSame(draft, current)) kept.drop();
      else kept.keep({ base: edit?.base ?? current, draft });
    },
    revert: () => {
      kept.drop();
      setFailure(null);
    },
    save,
  };
}

/** What was edited, and the fields it was edited from. */
type Edit<Fields> = { readonly base: Fields; readonly draft: Fields };

function isEdit(value: unknown, names: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { base, draft } = value as { readonly base?: unknown; readonly draft?: unknown };
  return [base, draft].every(
    (part) => typeof part === 'object' && part !== null && names.every((name) => name in part),
  );
}

type Sending<Fields> = {
  readonly agent: Agent;
  readonly fields: SectionFields<Fields>;
  readonly base: Fields;
  readonly draft: Fields;
};

/** Sends against the version the draft began with. False: these very fields changed meanwhile, and were read again. */
async function send<Fields>(
  stores: Stores,
  { agent, fields, base, draft }: Sending<Fields>,
): Promise<boolean> {
  const { update, load } = stores.agents.getState();
  const sendAgainst = (version: number): Promise<Agent> =>
    update({ ...fields.write(draft), agent_id: agent.id, base_version: version });
  try {
    await sendAgainst(agent.version);
    return true;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'conflict') throw error;
    await load();
    const fresh = stores.agents.getState().agents.find(({ id }) => id === agent.id);
    if (fresh === undefined || fresh.version === agent.version) throw error;
    if (!isSame(fields.read(fresh), base)) return false;
    await sendAgainst(fresh.version);
    return true;
  }
}

function isSame(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
