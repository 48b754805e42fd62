import type { CallArguments } from './call-preview.ts';

/** Arguments as a person edits them: by name, text as it is, anything else as JSON. */
export type ArgumentFields = Readonly<Record<string, string>>;

/** Arguments that can be sent, or which of them cannot be read and why. */
export type EditedArguments =
  | { readonly ok: true; readonly args: Record<string, unknown> }
  | { readonly ok: false; readonly name: string; readonly message: string };

/** The arguments as fields to edit. */
export function fieldsOf(args: CallArguments): ArgumentFields {
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value, null, 2),
    ]),
  );
}

/** Reads edited fields; what was a text in `args` stays one, whatever is written there. */
export function argumentsOf(fields: ArgumentFields, args: CallArguments): EditedArguments {
  const edited: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(fields)) {
    try {
      edited[name] = typeof args[name] === 'string' ? text : JSON.parse(text);
    } catch (error) {
      return { ok: false, name, message: error instanceof Error ? error.message : String(error) };
    }
  }
  return { ok: true, args: edited };
}
