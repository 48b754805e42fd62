import type { Block } from '../../../shared/contract/blocks.ts';

/** What a call would do to memory, as memory is now. */
export type CallPreview =
  /** An edit of a block. */
  | { readonly kind: 'edit'; readonly label: string; readonly before: string; readonly after: string }
  /** A new entry of the archive. */
  | { readonly kind: 'entry'; readonly text: string; readonly tags: readonly string[] }
  /** It would fail: what it replaces is not there, or more than once, or there is no such block. */
  | { readonly kind: 'misfit'; readonly label: string };

/** Arguments of a call. */
export type CallArguments = Readonly<Record<string, unknown>>;

/** Reads the raw arguments of a call; `null` when they are not a JSON object. */
export function readArguments(raw: string): CallArguments | null {
  try {
    const value: unknown = JSON.parse(raw.trim() === '' ? '{}' : raw);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as CallArguments) : null;
  } catch {
    // What the model wrote is no JSON; it is shown as it came.
    return null;
  }
}

/** What a call of a memory tool would do; `null` for any other tool, and for one whose arguments say too little. */
export function previewCall(
  name: string,
  args: CallArguments,
  blocks: readonly Pick<Block, 'label' | 'value'>[],
): CallPreview | null {
  if (name === 'archival_memory_insert') {
    const text = textOf(args, 'content');
    const tags = Array.isArray(args['tags']) ? args['tags'].map(String) : [];
    return text === null ? null : { kind: 'entry', text, tags };
  }
  const edit = EDITS[name];
  const label = textOf(args, 'label');
  if (edit === undefined || label === null) return null;
  const before = blocks.find((block) => block.label === label)?.value;
  const after = before === undefined ? null : edit(before, args);
  return before === undefined || after === null
    ? { kind: 'misfit', label }
    : { kind: 'edit', label, before, after };
}

/** Gives the new text, or `null` when it does not fit the old one. */
type Edit = (value: string, args: CallArguments) => string | null;

/** As the tools of the backend do it. */
const EDITS: Readonly<Record<string, Edit>> = {
  core_memory_append: (value, args) => {
    const content = textOf(args, 'content');
    if (content === null || content === '') return null;
    return value === '' ? content : `${value}\n${content}`;
  },
  core_memory_replace: (value, args) => {
    const [old_text, new_text] = [textOf(args, 'old_content'), textOf(args, 'new_content')];
    if (old_text === null || old_text === '' || new_text === null || !value.includes(old_text)) return null;
    return value.split(old_text).join(new_text);
  },
  memory_replace: (value, args) => {
    const [old_text, new_text] = [textOf(args, 'old_string'), textOf(args, 'new_string')];
    if (old_text === null || old_text === '' || new_text === null) return null;
    const at = value.indexOf(old_text);
    if (at === -1 || value.indexOf(old_text, at + 1) !== -1) return null;
    return value.slice(0, at) + new_text + value.slice(at + old_text.length);
  },
  memory_insert: (value, args) => {
    const added = textOf(args, 'new_string');
    const lines = value === '' ? [] : value.split('\n');
    const wanted = args['insert_line'] ?? -1;
    const at = wanted === -1 ? lines.length : Number(wanted);
    if (added === null || !Number.isInteger(at) || at < 0 || at > lines.length) return null;
    return [...lines.slice(0, at), added, ...lines.slice(at)].join('\n');
  },
  memory_rethink: (_value, args) => textOf(args, 'new_memory'),
};

function textOf(args: CallArguments, name: string): string | null {
  const value = args[name];
  return typeof value === 'string' ? value : null;
}
