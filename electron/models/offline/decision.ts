/** A tool the model wants to call, before it is written as one. */
export type PlannedCall = { readonly name: string; readonly arguments: Readonly<Record<string, unknown>> };

/** What the model does next: call tools, or say something and end the turn. */
export type Decision =
  | { readonly kind: 'call'; readonly calls: readonly PlannedCall[] }
  | { readonly kind: 'say'; readonly text: string };

/** Ends the turn with words. */
export function say(text: string): Decision {
  return { kind: 'say', text };
}
