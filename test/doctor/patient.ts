import { cpSync } from 'node:fs';
import { join } from 'node:path';
import SqliteHandle from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { type Backend, openBackend } from '../../electron/backend.ts';
import type { ScriptedAnswer, ScriptedModel } from '../helpers/scripted-openai.ts';
import { startScriptedModel } from '../helpers/scripted-openai.ts';
import { tempDir } from '../helpers/temp-dir.ts';

/** A store with an agent that has lived, closed: to be copied and hurt. */
export type Patient = {
  readonly folder: string;
  readonly model: ScriptedModel;
  readonly agent_id: string;
  readonly conversation_id: string;
};

const answers: ScriptedAnswer[] = [
  {
    kind: 'calls',
    calls: [
      { id: 'call_insert', name: 'memory_insert', arguments: { label: 'human', new_string: 'Likes tea.' } },
      {
        id: 'call_file',
        name: 'archival_memory_insert',
        arguments: { content: 'The lighthouse stands in Sines.', tags: ['places'] },
      },
    ],
  },
  { kind: 'text', text: 'Kept.' },
  { kind: 'text', text: 'Good morning.' },
  { kind: 'text', text: 'Summary: they like tea and spoke of a lighthouse.' },
  {
    kind: 'calls',
    calls: [{ id: 'call_search', name: 'archival_memory_search', arguments: { query: 'lighthouse' } }],
  },
  { kind: 'text', text: 'It stands in Sines.' },
  { kind: 'text', text: 'Another way.' },
];

/** Lets an agent live: memory edits, an archive entry, a compaction, a branch. Later requests get plain words. */
export async function raisePatient(folder: string): Promise<Patient> {
  const model = await startScriptedModel(
    (_request, index) => answers[index] ?? { kind: 'text', text: 'Here I am.' },
  );
  const backend = await openPatient({ folder, model });
  const { id: agent_id } = await backend.call('agents.create', {
    name: 'Kit',
    model: 'openai/gpt-4o-mini',
    blocks: [{ label: 'human', value: 'Someone.' }],
    tools: ['memory_insert', 'archival_memory_insert', 'archival_memory_search', 'conversation_search'],
  });
  const { conversations } = await backend.call('conversations.list', { agent_id });
  const conversation_id = conversations[0]?.id ?? '';
  await ask(backend, conversation_id, 'I like tea. The lighthouse stands in Sines.');
  await ask(backend, conversation_id, 'Good morning!');
  await backend.call('conversations.compact', { conversation_id });
  await ask(backend, conversation_id, 'Where is the lighthouse?');
  const { messages } = await backend.call('messages.list', { conversation_id, limit: 50 });
  const asked = messages.findLast(({ role }) => role === 'user');
  const ended = endOfRun(backend, null);
  await backend.call('conversations.branch', {
    conversation_id,
    message_id: asked?.id ?? '',
    text: 'And what do I like?',
    otid: 'branch',
    revert_memory: false,
  });
  await ended;
  await backend.close();
  return { folder, model, agent_id, conversation_id };
}

/** Opens a backend on a folder, with the scripted model. */
export function openPatient({ folder, model }: Pick<Patient, 'folder' | 'model'>): Promise<Backend> {
  const env = { OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: model.base_url };
  return openBackend({ dataDir: folder, env, log: () => undefined });
}

/** Says something and resolves with how its run ended. */
export async function ask(backend: Backend, conversation_id: string, text: string): Promise<string> {
  const ended = endOfRun(backend, conversation_id);
  await backend.call('messages.send', { conversation_id, text, otid: crypto.randomUUID() });
  return ended;
}

/** Resolves with how the next run of a conversation, or of any, ends. */
export function endOfRun(backend: Backend, conversation_id: string | null): Promise<string> {
  return new Promise((resolve) => {
    const leave = backend.subscribe(({ event }) => {
      if (event.type !== 'run.finished') return;
      if (conversation_id !== null && event.run.conversation_id !== conversation_id) return;
      leave();
      resolve(event.run.state);
    });
  });
}

/** A copy of a patient that a test may hurt. */
export type Copy = Patient & {
  readonly backend: Backend;
  /** A connection beside the backend's own. */
  readonly store: SqliteHandle.Database;
};

/** Copies a patient and opens it. */
export async function copyOf(patient: Patient): Promise<Copy> {
  const folder = tempDir();
  cpSync(patient.folder, folder, { recursive: true });
  const backend = await openPatient({ folder, model: patient.model });
  const store = new SqliteHandle(join(folder, 'memoir.db'));
  store.pragma('foreign_keys = off');
  // A search index keeps others out of its own tables.
  store.unsafeMode(true);
  onTestFinished(async () => {
    store.close();
    await backend.close();
  });
  return { ...patient, folder, backend, store };
}

/** Every row of every table, by table, but for what the Doctor's own looking may write. */
export function allRows(store: SqliteHandle.Database): Record<string, unknown[]> {
  const tables = store
    .prepare("select name from sqlite_schema where type = 'table' and name not like '%\\_fts%' escape '\\'")
    .pluck()
    .all() as string[];
  return Object.fromEntries(tables.map((table) => [table, store.prepare(`select * from ${table}`).all()]));
}
