import type { ContentPart } from '../../shared/contract/conversations.ts';
import { countTokens } from '../models/tokens.ts';
import type { Clock } from '../store/clock.ts';
import type { DraftOfAgent } from '../store/drafts.ts';
import { toJson } from '../store/encoding.ts';
import type { BackupRow, BackupRows } from '../store/import.ts';

/**
 * Keeps answers that were still being written when rows were read: each becomes an interrupted message at the end of
 * its talk, as a restart would make of it. Rows without any come back as they are.
 */
export function closeDrafts(rows: BackupRows, drafts: readonly DraftOfAgent[], clock: Clock): BackupRows {
  return drafts.reduce((all, draft) => closeDraft(all, draft, clock.now()), rows);
}

function closeDraft(rows: BackupRows, draft: DraftOfAgent, now: string): BackupRows {
  const home = rows.conversation.find((row) => row['id'] === draft.conversation_id);
  const content = contentOf(draft);
  if (home === undefined || content.length === 0) return rows;
  const message = messageRow(rows, { draft, home, content, now });
  const own = rows.window_entry.filter((row) => row['conversation_id'] === home['id']);
  const entry = {
    conversation_id: home['id'] ?? null,
    ord: Math.max(0, ...own.map((row) => Number(row['ord']))) + 1,
    kind: 'message',
    ref: draft.message_id,
    text: null,
  };
  const moved = { next_seq: Number(home['next_seq']) + 1, last_message_at: now, updated_at: now };
  return {
    ...rows,
    message: [...rows.message, message],
    window_entry: [...rows.window_entry, entry],
    conversation: rows.conversation.map((row) => (row === home ? { ...row, ...moved } : row)),
  };
}

function contentOf({ text, reasoning }: DraftOfAgent): ContentPart[] {
  const thought: ContentPart[] = reasoning === '' ? [] : [{ type: 'reasoning', reasoning, is_native: true }];
  return text === '' ? thought : [...thought, { type: 'text', text }];
}

type Made = {
  readonly draft: DraftOfAgent;
  readonly home: BackupRow;
  readonly content: readonly ContentPart[];
  readonly now: string;
};

function messageRow(rows: BackupRows, { draft, home, content, now }: Made): BackupRow {
  const agent = rows.agent[0];
  const last = Date.parse(String(home['last_message_at']));
  return {
    ord: Math.max(0, ...rows.message.map((row) => Number(row['ord']))) + 1,
    id: draft.message_id,
    conversation_id: draft.conversation_id,
    agent_id: agent?.['id'] ?? null,
    seq: home['next_seq'] ?? null,
    role: 'assistant',
    name: agent?.['name'] ?? null,
    content: toJson(content),
    text: draft.text,
    tool_calls: '[]',
    tool_call_id: null,
    tool_status: null,
    otid: null,
    run_id: draft.run_id,
    step_id: draft.step_id,
    status: 'interrupted',
    model: draft.model,
    session_gap_seconds: Number.isNaN(last) ? null : Math.max(0, Math.round((Date.parse(now) - last) / 1000)),
    timezone: agent?.['timezone'] ?? null,
    token_count: countTokens(draft.text),
    foreign_fields: '{}',
    digest: '',
    created_at: now,
  };
}
