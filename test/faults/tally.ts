import { type Finding, FINDING_KINDS } from './verify/findings.ts';

/** What part of the harness found: how many faults it made, what was acknowledged under them, what was wrong after. */
export type Tally = {
  readonly faults: number;
  readonly acks: number;
  readonly findings: readonly CaseFinding[];
};

/** A finding and how to have its case again. */
export type CaseFinding = Finding & { readonly again: string };

/** Nothing yet. */
export const no_tally: Tally = { faults: 0, acks: 0, findings: [] };

/** Both together. */
export function addTally(left: Tally, right: Tally): Tally {
  return {
    faults: left.faults + right.faults,
    acks: left.acks + right.acks,
    findings: [...left.findings, ...right.findings],
  };
}

/** The tally of one case. */
export function tallyOf(acks: number, findings: readonly Finding[], again: string): Tally {
  return { faults: 1, acks, findings: findings.map((finding) => ({ ...finding, again })) };
}

const WORDS: Readonly<Record<Finding['kind'], string>> = {
  lost: 'lost',
  unpaired: 'unpaired',
  half: 'half edits',
  corrupt: 'corrupt',
  silent: 'not answering',
  other: 'other',
};

/** A line of the table at the end. */
export function lineOf(name: string, tally: Tally): string {
  const counts = FINDING_KINDS.map(
    (kind) => `${tally.findings.filter((finding) => finding.kind === kind).length} ${WORDS[kind]}`,
  );
  return `${name.padEnd(8)} ${tally.faults} faults, ${tally.acks} acks checked: ${counts.join(', ')}`;
}
