import { type MemoryDifference, TOLD_ENTRIES } from '../../shared/contract/branches.ts';
import type { OutputOf } from '../../shared/contract/index.ts';
import { readConversation } from '../store/conversations.ts';
import type { Database, Read } from '../store/database.ts';
import { type BackupRow, type BackupTable, readBackupRows } from '../store/import.ts';
import { type ForkInput, readMoment } from './fork.ts';
import { type MemoryRows, memoryRowsAt } from './fork-memory.ts';

const TABLES = [
  'agent_block',
  'archive',
  'agent_archive',
  'passage',
  'passage_tag',
  'passage_version',
] as const satisfies readonly BackupTable[];

/** Says what {@link forkAgent} would take along, and in what that differs from now. Throws `not_found`. */
export function previewFork(
  database: Database,
  input: Pick<ForkInput, 'conversation_id' | 'message_id'>,
): Promise<OutputOf<'conversations.fork_preview'>> {
  return database.read.transaction().execute((read) => preview(read, input));
}

async function preview(
  read: Read,
  input: Pick<ForkInput, 'conversation_id' | 'message_id'>,
): Promise<OutputOf<'conversations.fork_preview'>> {
  const { agent_id, message_count } = await readConversation(read, input.conversation_id);
  const moment = await readMoment(read, input);
  const rows = await readBackupRows(read, agent_id, { tables: TABLES });
  const now = await memoryRowsAt(read, rows, { agent_id, moment: null });
  const then = moment === null ? now : await memoryRowsAt(read, rows, { agent_id, moment });
  const entries = differences(entriesOf(then), entriesOf(now));
  return {
    as_of: moment?.created_at ?? null,
    message_count: moment?.seq ?? message_count,
    blocks: { count: then.block.length, different: differences(blocksOf(then), blocksOf(now)) },
    archive: {
      count: then.passage.length,
      different_count: entries.length,
      different: entries.slice(0, TOLD_ENTRIES),
    },
  };
}

type Texts = ReadonlyMap<BackupRow[string] | undefined, { readonly label: string; readonly text: string }>;

function blocksOf({ block }: MemoryRows): Texts {
  return new Map(
    block.map((row) => [row['id'], { label: String(row['label']), text: String(row['value']) }]),
  );
}

function entriesOf({ passage }: MemoryRows): Texts {
  return new Map(passage.map((row) => [row['id'], { label: '', text: String(row['text']) }]));
}

function differences(then: Texts, now: Texts): MemoryDifference[] {
  return [...new Set([...then.keys(), ...now.keys()])].flatMap((key) => {
    const [old, present] = [then.get(key), now.get(key)];
    if (old?.text === present?.text) return [];
    return [{ label: (old ?? present)?.label ?? '', was: old?.text ?? null, is: present?.text ?? null }];
  });
}
