/** What can be wrong with a store after a fault, in the words of the table at the end. */
export const FINDING_KINDS = ['lost', 'unpaired', 'half', 'corrupt', 'silent', 'other'] as const;

/** One thing that is wrong. `silent`: an agent does not answer; `half`: an edit of memory that is half done. */
export type Finding = { readonly kind: (typeof FINDING_KINDS)[number]; readonly text: string };

/** Findings of one kind from sentences. */
export function findingsOf(kind: Finding['kind'], texts: readonly string[]): Finding[] {
  return texts.map((text) => ({ kind, text }));
}
