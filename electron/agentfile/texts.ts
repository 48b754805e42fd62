import { fromJson } from '../store/encoding.ts';
import type { BackupRow, BackupRows } from '../store/import.ts';
import type { PlacedText } from './leaks.ts';
import type { V2File } from './versions/v2.ts';

/** Texts of a file that another program wrote. */
export function* textsOfFile(file: V2File): Generator<PlacedText> {
  for (const agent of file.agents) {
    const name = agent.name ?? agent.id;
    yield { place: `the instructions of ${name}`, text: agent.system ?? '' };
    for (const [index, message] of agent.messages.entries()) {
      // The compiled prompt repeats instructions and blocks.
      if (index === 0 && message.role === 'system') continue;
      const { content, tool_calls, tool_returns } = message;
      const text = JSON.stringify([content, tool_calls, tool_returns]);
      yield { place: `message ${index} of ${name}`, text };
    }
  }
  for (const { name, id, metadata } of file.agents)
    yield* textsOfFields(metadata, `metadata of ${name ?? id}`);
  for (const block of file.blocks) {
    yield { place: `block ${block.label}`, text: block.value };
    yield* textsOfFields(block.metadata, `metadata of block ${block.label}`);
  }
  yield* textsOfTools(file.tools);
}

/** Texts of a Memoir backup, trash and earlier versions included. */
export function* textsOfRows(rows: BackupRows): Generator<PlacedText> {
  const [agent] = rows.agent;
  yield { place: 'the instructions', text: told(agent, 'system') };
  yield* textsOfTalk(rows);
  const { agent_file: _, ...foreign } = fieldsOf(agent, 'foreign_fields');
  yield* textsOfFields(fieldsOf(agent, 'metadata'), 'metadata of the agent');
  yield* textsOfFields(foreign, 'fields of the agent');
  for (const row of rows.block) {
    yield { place: `block ${told(row, 'label')}`, text: told(row, 'value') };
    yield* textsOfFields(fieldsOf(row, 'metadata'), `metadata of block ${told(row, 'label')}`);
  }
  for (const row of rows.passage) {
    yield { place: `the archive entry of ${told(row, 'created_at').slice(0, 10)}`, text: told(row, 'text') };
  }
  for (const row of rows.proposal) {
    const text = `${told(row, 'before')} ${told(row, 'after')} ${told(row, 'edited')}`;
    yield { place: `a proposed edit of ${told(row, 'label')}`, text, is_copy: true };
  }
  yield* textsOfVersions(rows);
}

function* textsOfTalk(rows: BackupRows): Generator<PlacedText> {
  const titles = new Map(rows.conversation.map((row) => [row['id'], told(row, 'title')]));
  for (const row of rows.message) {
    const title = titles.get(row['conversation_id'] ?? null) ?? '';
    const place = `message ${told(row, 'seq')}${title === '' ? '' : ` of "${title}"`}`;
    yield { place, text: `${told(row, 'content')} ${told(row, 'tool_calls')}` };
  }
  for (const row of rows.summary) yield { place: 'a summary', text: told(row, 'text') };
}

function* textsOfVersions(rows: BackupRows): Generator<PlacedText> {
  const is_copy = true;
  const labels = new Map(rows.block.map((row) => [row['id'], told(row, 'label')]));
  for (const row of rows.block_version) {
    const place = `earlier versions of block ${labels.get(row['block_id'] ?? null) ?? told(row, 'label')}`;
    yield { place, text: `${told(row, 'before')} ${told(row, 'after')}`, is_copy };
  }
  for (const row of rows.passage_version) {
    const text = `${told(row, 'before')} ${told(row, 'after')}`;
    yield { place: 'earlier versions of archive entries', text, is_copy };
  }
  for (const row of rows.agent_version)
    yield { place: 'earlier settings', text: told(row, 'config'), is_copy };
}

/** Source code of tools, which an agent file carries whole. */
export function* textsOfTools(tools: readonly Readonly<Record<string, unknown>>[]): Generator<PlacedText> {
  for (const tool of tools) {
    const { name, id, source_code } = tool;
    if (typeof source_code === 'string') yield { place: `tool ${String(name ?? id)}`, text: source_code };
  }
}

const SECRET_NAME = /(?:api_?key|access_?key|private_?key|token|password|passwd|secret|credential)s?$/iu;

/** Texts in fields whose names say that they are secrets, whatever they look like. */
function* textsOfFields(value: unknown, place: string): Generator<PlacedText> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value) as [string, unknown][]) {
    const isSecret = typeof child === 'string' && child !== '' && SECRET_NAME.test(key);
    if (isSecret) yield { place: `${key} in the ${place}`, text: child, named: 'field named like one' };
    else yield* textsOfFields(child, place);
  }
}

function fieldsOf(row: BackupRow | undefined, column: string): Readonly<Record<string, unknown>> {
  return fromJson<Readonly<Record<string, unknown>>>(told(row, column) || '{}');
}

function told(row: BackupRow | undefined, column: string): string {
  return String(row?.[column] ?? '');
}
