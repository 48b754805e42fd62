/** Words in what a person says that tell the stage's model what to do. */
export const CUES = {
  /** Edits the block and files an entry. */
  edit: '[edit]',
  /** Answers so long that drafts are saved. */
  long: '[long]',
  /** Begins an answer and never ends it. */
  hang: '[hang]',
} as const;
