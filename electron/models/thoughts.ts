/** A piece of an answer in the form of the Messages API, exactly as it came. */
export type AnswerBlock = Readonly<Record<string, unknown>> & { readonly type: string };

/**
 * Answers of models that think and call tools, by the ids of their calls. Within a turn such a model wants its answer
 * back unchanged, thoughts and signatures included; no other place keeps them.
 */
export type Thoughts = {
  readonly keep: (call_ids: readonly string[], blocks: readonly AnswerBlock[]) => void;
  /** The answer that made exactly these calls; `null` when it is not known any more. */
  readonly find: (call_ids: readonly string[]) => readonly AnswerBlock[] | null;
};

const MOST_ANSWERS = 200;

/** Makes room for the answers of the last turns. */
export function createThoughts(): Thoughts {
  const answers = new Map<string, readonly AnswerBlock[]>();
  return {
    keep: (call_ids, blocks) => {
      answers.set(keyOf(call_ids), blocks);
      const oldest = answers.keys().next();
      if (answers.size > MOST_ANSWERS && oldest.done !== true) answers.delete(oldest.value);
    },
    find: (call_ids) => answers.get(keyOf(call_ids)) ?? null,
  };
}

function keyOf(call_ids: readonly string[]): string {
  return call_ids.join('\n');
}
