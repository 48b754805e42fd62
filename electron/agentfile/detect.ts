import { createHash } from 'node:crypto';
import { AppError } from '../../shared/errors.ts';
import type { Pause } from '../store/pause.ts';
import { checkFile, checkMemoir, isObject, refused } from './check.ts';
import { MEMOIR_FORMAT_VERSION, type MemoirSection } from './versions/memoir-v2.ts';
import type { V2File } from './versions/v2.ts';
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
export async function parseAgentFile(text: string, pause: Pause): Promise<AgentFile> {
  const value = parseJson(text);
  await assertSafe(value, pause);
  if (!isObject(value)) throw refused('This is not an agent file: it holds no object.');
  if ('in_context_message_indices' in value || ('core_memory' in value && !('agents' in value))) {
    throw refused(
      'This agent file is of the legacy generation (one agent, before August 2025), which Memoir does not read yet. ' +
        'Nothing was imported. Export the agent again from a newer Letta.',
    );
  }
  if (!('agents' in value)) throw refused('This is not an agent file: it has no "agents".');
  const memoir = 'memoir' in value ? await parseMemoir(value['memoir'], pause) : null;
  const file = await checkFile(value, pause);
  if (memoir !== null && file.agents.length !== 1) {
    throw refused(
      `Import failed: it holds ${file.agents.length} agents, and a backup by Memoir of one of them only.`,
    );
  }
  const dangling = findDanglingReference(file);
  if (dangling !== null) throw refused(`Import failed: ${dangling}`);
  if (memoir !== null) return { kind: 'memoir', file, memoir, source: 'memoir' };
  return { kind: 'letta-v2', file, memoir, source: `letta-v2:${await digestOf(text, pause)}` };
}

const SLICE_CHARS = 1_000_000;

async function digestOf(text: string, pause: Pause): Promise<string> {
  const hash = createHash('sha256');
  for (let start = 0; start < text.length;) {
    await pause();
    // Not between the two halves of a character: alone they have no bytes.
    const isHalf = /[\uD800-\uDBFF]/u.test(text.charAt(start + SLICE_CHARS - 1));
    const end = start + SLICE_CHARS + (isHalf ? 1 : 0);
    hash.update(text.slice(start, end));
    start = end;
  }
  return hash.digest('hex');
}

// The one part that can not be done in pieces: about 2 ms for a megabyte.
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
async function assertSafe(root: unknown, pause: Pause): Promise<void> {
  let nodes = 0;
  let level = [root].filter(isContainer);
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) throw refused(`Import failed: it is nested deeper than ${MAX_DEPTH} levels.`);
    const below: object[] = [];
    for (const value of level) {
      await pause();
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

async function parseMemoir(value: unknown, pause: Pause): Promise<MemoirSection> {
  const version = isObject(value) ? value['format_version'] : undefined;
  if (typeof version === 'number' && version > MEMOIR_FORMAT_VERSION) {
    throw new AppError(
      'unsupported',
      `This file was written by a newer Memoir (its format is ${version}; this one reads up to ` +
        `${MEMOIR_FORMAT_VERSION}). Nothing was imported. Update Memoir, then import it again.`,
      { details: { found: version, known: MEMOIR_FORMAT_VERSION } },
    );
  }
  return checkMemoir(value, pause);
}
