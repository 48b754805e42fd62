import type { Finding, FindingKind, Severity } from '../../shared/contract/doctor.ts';
import type { PlaceDeps } from '../agent/window-place.ts';
import type { Look } from '../store/checkup/look.ts';
import type { Write } from '../store/database.ts';

/** What the Doctor works with. */
export type DoctorDeps = Omit<PlaceDeps, 'database'> & {
  /** This process among those that use or used the data folder. */
  readonly instance_id: string;
  /** Whether a conversation is at work in this process. */
  readonly isBusy: (conversation_id: string) => boolean;
};

/** What a mending works on: the transaction, the same as a look. */
export type Theatre = {
  readonly tx: Write;
  readonly look: Look;
  readonly deps: DoctorDeps;
  readonly now: string;
  /** Conversations whose windows are to be put in order when the round is over. */
  readonly touched: Set<string>;
};

/** Mends one damage, if it is still there: answers what it did, `null` when there was nothing to do. */
export type Mend = (theatre: Theatre) => Promise<string | null>;

/** A finding, and how it is mended. */
export type Damage = Omit<Finding, 'agent_name'> & { readonly mend: Mend | null };

/** What a damage is told with; what is left out is `null`. */
export type DamageWords = {
  readonly kind: FindingKind;
  readonly severity: Severity;
  /** What tells it from others of its kind, and stays the same from check to check. */
  readonly ref: string;
  readonly agent_id?: string | null;
  readonly conversation_id?: string | null;
  readonly what: string;
  readonly where: string;
} & (
  | { readonly repair: string; readonly mend: Mend; readonly advice?: never }
  | { readonly advice: string; readonly repair?: never; readonly mend?: never }
);

/** Writes a damage down. */
export function damage(words: DamageWords): Damage {
  const { kind, severity, ref, agent_id = null, conversation_id = null, what, where } = words;
  const common = { id: `${kind} ${ref}`, kind, severity, agent_id, conversation_id, what, where };
  if (words.mend !== undefined) {
    return { ...common, repair: words.repair, advice: null, mend: words.mend };
  }
  return { ...common, repair: null, advice: words.advice, mend: null };
}
