import type { Pause } from '../store/pause.ts';
import type { AgentFile } from './detect.ts';
import { warnOfLeaks } from './leaks.ts';
import type { ImportOptions } from './plan.ts';
import { warnOfModelNumbers } from './model-config.ts';
import { fileAgents } from './preview.ts';
import { textsOfFile, textsOfRows, textsOfTools } from './texts.ts';
import type { V2File } from './versions/v2.ts';

/** What the sentences about a file depend on beside the file. */
export type WarningFacts = Omit<ImportOptions, 'clock' | 'name'> & {
  readonly repairs: readonly string[];
  readonly pause: Pause;
};

/** All there is to say about importing a file, in sentences; the same before an import and after it. */
export async function describeWarnings(parsed: AgentFile, facts: WarningFacts): Promise<string[]> {
  const { file, memoir } = parsed;
  return [
    ...warnOfModels(parsed, facts),
    ...warnOfTools(parsed, facts.known_tools),
    ...warnOfBlocks(parsed),
    ...listUnused(file),
    ...(memoir === null ? [...warnOfEmbedding(file), ...file.agents.flatMap(warnOfModelNumbers)] : []),
    ...facts.repairs,
    ...(await warnOfLeaks(textsOf(parsed, facts.strip_messages), facts.pause)),
  ];
}

function* textsOf({ file, memoir }: AgentFile, strip_messages: boolean): ReturnType<typeof textsOfFile> {
  if (memoir === null) {
    const agents = strip_messages ? file.agents.map((agent) => ({ ...agent, messages: [] })) : file.agents;
    yield* textsOfFile({ ...file, agents });
    return;
  }
  const { rows } = memoir;
  yield* textsOfRows(strip_messages ? { ...rows, message: [], summary: [] } : rows);
  yield* textsOfTools(file.tools);
}

function warnOfModels(parsed: AgentFile, { model, whyModelMissing }: WarningFacts): string[] {
  const handles = model === undefined ? fileAgents(parsed).map((agent) => agent.model) : [model];
  return [...new Set(handles)].flatMap((handle) => whyModelMissing?.(handle) ?? []);
}

function warnOfTools(parsed: AgentFile, known: ReadonlySet<string> | undefined): string[] {
  if (known === undefined) return [];
  return fileAgents(parsed).flatMap(({ name, tools }) => {
    const unknown = tools.filter((tool) => !known.has(tool));
    if (unknown.length === 0) return [];
    return [`${name} has tools that do not run here; they are kept: ${unknown.join(', ')}.`];
  });
}

function warnOfBlocks(parsed: AgentFile): string[] {
  const told = fileAgents(parsed).flatMap(({ blocks }) =>
    blocks
      .filter(({ value, limit }) => value.length > limit)
      .map(
        ({ label, value, limit }) =>
          `Block ${label} holds ${value.length} ${value.length === 1 ? 'character' : 'characters'}, its limit is ${limit}; kept whole.`,
      ),
  );
  // A block that agents share is one block.
  return [...new Set(told)];
}

function listUnused(file: V2File): string[] {
  const parts: readonly [string, number][] = [
    ['file', file.files.length],
    ['source', file.sources.length],
    ['group', file.groups.length],
    ['MCP server', file.mcp_servers.length],
    ['skill', file.skills?.length ?? 0],
  ];
  const told = parts
    .filter(([, count]) => count > 0)
    .map(
      ([name, count]) =>
        `${count} ${name}${count === 1 ? ' in the file is' : 's in the file are'} kept for a later export but not used here yet.`,
    );
  const attached = new Set(file.agents.flatMap((agent) => agent.block_ids ?? []));
  const loose = file.blocks.filter((block) => !attached.has(block.id)).length;
  if (loose === 1) told.push('1 block belongs to no agent; it is kept for a later export only.');
  if (loose > 1) told.push(`${loose} blocks belong to no agent; they are kept for a later export only.`);
  return told;
}

function warnOfEmbedding(file: V2File): string[] {
  return file.agents
    .filter(({ embedding_config }) => embedding_config === null || embedding_config === undefined)
    .map(({ name, id }) => `${name ?? id} names no embedding model; its memory is searched by words.`);
}
