import { z } from 'zod';
import { actor, block, memory_change, trust } from '../../../shared/contract/blocks.ts';
import { message } from '../../../shared/contract/conversations.ts';
import { json_object } from '../../../shared/contract/method.ts';

const text_or_null = z.string().nullable();
const key_or_null = z.string().min(1).nullable();

/** A time as text. */
export const time = z.string().refine((value) => !Number.isNaN(Date.parse(value)), 'not a time');

/**
 * A column of JSON text whose value has a shape. What the app reads later must be as it expects: one row that is not
 * would make a whole list fail.
 */
export function jsonOf(shape: z.ZodType): z.ZodString {
  // Most columns of most rows are empty; they are judged once.
  const empty = new Map(['[]', '{}'].map((text) => [text, shape.safeParse(JSON.parse(text)).success]));
  return z.string().refine((value) => {
    const known = empty.get(value);
    if (known !== undefined) return known;
    try {
      return shape.safeParse(JSON.parse(value)).success;
    } catch {
      // Not JSON is the answer here, not a failure.
      return false;
    }
  }, 'not JSON text of the expected shape');
}

/** Any JSON text. */
export const json = jsonOf(z.unknown());

/** JSON text of an object. */
export const object_text = jsonOf(json_object);

/** JSON text of a list of texts. */
export const texts = jsonOf(z.array(z.string()));

/** What a block is besides its text, as each version of it holds. */
export const block_settings = block
  .pick({ label: true, description: true, limit: true, read_only: true, tags: true, metadata: true })
  // Versions of before there were reviews say nothing of it.
  .extend({ review: z.boolean().optional() });

/** Core memory as a conversation's model last saw it. */
export const memory_snapshot = z.object({
  text: z.string(),
  taken_at: time,
  seen: z.array(z.object({ block_id: z.string(), version: z.number().int() })),
});

/** What a sender gave. */
export const inbox_payload = z.object({
  content: message.shape.content,
  text: z.string(),
  name: text_or_null,
  max_steps: z.number().int().min(1),
});

/** Deflated bytes as base64. Only how they begin is looked at: the whole may be large, and nothing reads it unasked. */
export const deflated = z.string().refine((text) => {
  if (text.length % 4 !== 0 || !/^[\w+/]+={0,2}$/u.test(text)) return false;
  const [first = 0, second = 0] = Buffer.from(text.slice(0, 4), 'base64');
  return first === 0x78 && (first * 256 + second) % 31 === 0;
}, 'not deflated bytes as base64');

/** Columns that every version of a block or an entry has. */
export const cause = {
  agent_id: key_or_null,
  operation: memory_change.shape.operation,
  before: text_or_null,
  after: text_or_null,
  actor,
  run_id: key_or_null,
  step_id: key_or_null,
  tool_call_id: text_or_null,
  message_id: key_or_null,
  conversation_id: key_or_null,
  reason: text_or_null,
  trust,
  undoes: key_or_null,
  undone_by: key_or_null,
  digest: z.string(),
  created_at: time,
};
