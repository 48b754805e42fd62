/** What a stored message remembers of the file it came from, in `foreign_fields.agent_file`. */
export type MessageOrigin =
  /** Came as a message of its own. `original` is it without content and calls; `hidden`: in context there, not here. */
  | {
      readonly kind: 'message';
      readonly original: Readonly<Record<string, unknown>>;
      readonly hidden: boolean;
    }
  /** One more result of the tool message before it. */
  | { readonly kind: 'part' }
  /** Made here to close a call that had no result. */
  | { readonly kind: 'repair' };

/** A message on its way into the store. */
export type HistoryMessage = {
  readonly role: 'system' | 'user' | 'assistant' | 'tool' | 'summary';
  readonly name: string | null;
  readonly content: readonly unknown[];
  readonly text: string;
  tool_calls: readonly {
    readonly tool_call_id: string;
    readonly name: string;
    readonly arguments: string;
  }[];
  tool_call_id: string | null;
  readonly tool_status: 'success' | 'error' | null;
  readonly model: string | null;
  readonly created_at: string | null;
  readonly foreign_id: string | null;
  origin: MessageOrigin;
};
