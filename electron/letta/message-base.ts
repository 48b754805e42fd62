import type { Wire } from './wire.ts';

/** An `otid` of a generated part: the message's uuid with its low seven bits replaced by the part's index. */
export function part(message_id: string, index: number): string {
  const uuid = message_id.slice(message_id.indexOf('-') + 1);
  const last = (Number.parseInt(uuid.slice(-2), 16) & 0x80) | (index & 0x7f);
  return uuid.slice(0, -2) + last.toString(16).padStart(2, '0');
}

/** Keys every V1 message has. */
export function wireBase(fields: {
  readonly id: string;
  readonly date: string;
  readonly message_type: string;
  readonly otid?: string | null;
  readonly name?: string | null;
  readonly step_id?: string | null;
  readonly run_id?: string | null;
}): Wire {
  return {
    id: fields.id,
    date: fields.date,
    name: fields.name ?? null,
    message_type: fields.message_type,
    otid: fields.otid ?? null,
    sender_id: null,
    step_id: fields.step_id ?? null,
    is_err: null,
    seq_id: null,
    run_id: fields.run_id ?? null,
  };
}
