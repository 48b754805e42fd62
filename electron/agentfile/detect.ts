import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import { MEMOIR_FORMAT_VERSION, memoir_v1, type MemoirSection } from './versions/memoir-v1.ts';
import { type V2File, v2_file } from './versions/v2.ts';
import { findDanglingReference } from './references.ts';

/** An agent file that was read and found sound. `memoir` is `null` for a file another program wrote. */
export type AgentFile = {
  readonly kind: 'letta-v2' | 'memoir';
  readonly file: V2File;
  readonly memoir: MemoirSection | null;
  /** Names what the ids in it are unique to: the bytes of the file, or every file of Memoir. */
  readonly source: string;
};

const MAX_DEPTH = 100;
const MAX_NODES = 20_000_000;

/**
 * Reads the text of an agent file, double-encoded ones included, and checks shape and references. Writes nothing.
 * Throws `unsupported` for what is not an agent file, is of the legacy generation, or comes from a newer Memoir.
 */
export function parseAgentFile(text: string): AgentFile {
  const value = parseJson(text);
  assertSafe(value);
  if (!isObject(value)) throw refused('This is not an agent file: it holds no object.');
  if ('in_context_message_indices' in value || ('core_memory' in value && !('agents' in value))) {
    throw refused(
      'This agent file is of the legacy generation (one agent, before August 2025), which Memoir does not read yet. ' +
        'Nothing was imported. Export the agent again from a newer Letta.',
    );
  }
  if (!('agents' in value)) throw refused('This is not an agent file: it has no "agents".');
  const memoir = 'memoir' in value ? parseMemoir(value['memoir']) : null;
  const file = check(v2_file, value);
  if (memoir !== null && file.agents.length !== 1) {
    throw refused(
      `Import failed: it holds ${file.agents.length} agents, and a backup by Memoir of one of them only.`,
    );
  }
  const dangling = findDanglingReference(file);
  if (dangling !== null) throw refused(`Import failed: ${dangling}`);
  if (memoir !== null) return { kind: 'memoir', file, memoir, source: 'memoir' };
  const digest = createHash('sha256').update(text).digest('hex');
  return { kind: 'letta-v2', file, memoir, source: `letta-v2:${digest}` };
}

function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
    return typeof value === 'string' ? (JSON.parse(value) as unknown) : value;
  } catch (cause) {
    const size = `${text.length.toLocaleString('en')} characters`;
    throw new AppError(
      'unsupported',
      `Import failed: this is not JSON, or the file is cut off (${size} were read). Nothing was imported. ` +
        'Download or export it again.',
      { cause, details: { characters: text.length } },
    );
  }
}

// Level by level: a recursive walk of a file made to be deep would overflow the stack, and so would writing it out.
function assertSafe(root: unknown): void {
  let nodes = 0;
  let level = [root].filter(isContainer);
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) throw refused(`Import failed: it is nested deeper than ${MAX_DEPTH} levels.`);
    const below: object[] = [];
    for (const value of level) {
      if (Object.hasOwn(value, '__proto__')) throw refused('Import failed: it holds a key "__proto__".');
      const children: unknown[] = Array.isArray(value) ? value : Object.values(value);
      nodes += children.length;
      for (const child of children.filter(isContainer)) below.push(child);
    }
    if (nodes > MAX_NODES) throw refused(`Import failed: it holds more than ${MAX_NODES} values.`);
    level = below;
  }
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function parseMemoir(value: unknown): MemoirSection {
  const version = isObject(value) ? value['format_version'] : undefined;
  if (typeof version === 'number' && version > MEMOIR_FORMAT_VERSION) {
    throw new AppError(
      'unsupported',
      `This file was written by a newer Memoir (its format is ${version}; this one reads up to ` +
        `${MEMOIR_FORMAT_VERSION}). Nothing was imported. Update Memoir, then import it again.`,
      { details: { found: version, known: MEMOIR_FORMAT_VERSION } },
    );
  }
  return check(memoir_v1, value, 'memoir');
}

function check<Schema extends z.ZodType>(schema: Schema, value: unknown, root = ''): z.infer<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = [root, ...(issue?.path ?? [])].filter((step) => step !== '').join('.');
  throw refused(`Import failed: ${path === '' ? 'the file' : path}: ${issue?.message ?? 'wrong shape'}.`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refused(message: string): AppError {
  return new AppError(
    'unsupported',
    message.includes('Nothing was') ? message : `${message} Nothing was imported.`,
  );
}
