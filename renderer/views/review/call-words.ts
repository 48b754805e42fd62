import type { Approval } from '../../../shared/contract/approvals.ts';
import type { Block } from '../../../shared/contract/blocks.ts';
import { t, type MessageKey } from '../../messages/t.ts';
import { type CallPreview, previewCall, readArguments } from './call-preview.ts';

/** What a call would do, read from its arguments. */
export type ReadCall = {
  /** In words, without who does it: "add to human". */
  readonly words: string;
  /** What it would do to memory; `null` when that is not what it does. */
  readonly preview: CallPreview | null;
  /** By name; `null` when they are no JSON object. */
  readonly args: Readonly<Record<string, unknown>> | null;
};

/** Built-in tools whose acts have words of their own, with the argument the words name. */
const ACTS: Readonly<Record<string, { readonly key: MessageKey; readonly of: string }>> = {
  core_memory_append: { key: 'review.act.add', of: 'label' },
  memory_insert: { key: 'review.act.add', of: 'label' },
  core_memory_replace: { key: 'review.act.change', of: 'label' },
  memory_replace: { key: 'review.act.change', of: 'label' },
  memory_rethink: { key: 'review.act.rewrite', of: 'label' },
  archival_memory_insert: { key: 'review.act.file', of: 'content' },
  archival_memory_search: { key: 'review.act.searchArchive', of: 'query' },
  conversation_search: { key: 'review.act.searchTalk', of: 'query' },
  send_message: { key: 'review.act.say', of: 'message' },
};

/** Reads what a waiting call would do, with the blocks of its agent as they are. */
export function readCall(
  { name, kind, arguments: raw }: Pick<Approval, 'name' | 'kind' | 'arguments'>,
  blocks: readonly Pick<Block, 'label' | 'value'>[],
): ReadCall {
  const args = readArguments(raw);
  const act = kind === 'client' ? undefined : ACTS[name];
  const of = act === undefined ? undefined : args?.[act.of];
  return {
    words:
      act === undefined || typeof of !== 'string'
        ? t('review.act.use', { name })
        : t(act.key, { of: of.length > QUOTE ? `${of.slice(0, QUOTE)}…` : of }),
    preview: args === null || kind === 'client' ? null : previewCall(name, args, blocks),
    args,
  };
}

/** Characters of an argument that the words quote. */
const QUOTE = 60;
