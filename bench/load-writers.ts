import { call } from '../test/helpers/call.ts';
import { print } from './figures.ts';
import { hearEnds, sayByAde } from './load-clients.ts';

const PEOPLE = 4;
const TALKS = 4;
const EDITS = 25;
const MOST_CHARS = 100_000;

/**
 * Eight writers edit one block of one agent at once: four people over HTTP, each on the version they had read, and the
 * agent itself in four conversations. Every accepted edit must be in the text and among the versions, every other one
 * refused as a conflict. Says what is not so.
 */
export async function noteTogether(url: string): Promise<string[]> {
  const agent = await call(url, 'agents.create', {
    name: 'Shared',
    blocks: [{ label: 'human', value: 'Notes:', limit: MOST_CHARS }],
  });
  const { blocks } = await call(url, 'blocks.list', { agent_id: agent.id });
  const block_id = blocks.find(({ label }) => label === 'human')?.id ?? '';
  const accepted: string[] = [];
  let refused = 0;
  const people = Array.from({ length: PEOPLE }, async (_one, writer) => {
    for (let edit = 0; edit < EDITS; edit += 1) {
      const line = `person-${writer}-${edit}.`;
      if (await noteByPerson(url, block_id, line)) accepted.push(line);
      else refused += 1;
    }
  });
  const ends = await hearEnds(url);
  const talks = Array.from({ length: TALKS }, async (_one, writer) => {
    const { id: conversation_id } = await call(url, 'conversations.create', { agent_id: agent.id });
    for (let edit = 0; edit < EDITS; edit += 1) {
      const line = `agent-${writer}-${edit}.`;
      const otid = `${conversation_id}-${edit}`;
      const { ok } = await sayByAde(url, ends, { conversation_id, otid, text: `Note: ${line}` });
      if (ok) accepted.push(line);
      else refused += 1;
    }
  });
  await Promise.all([...people, ...talks]);
  await ends.close();
  const { value, version } = await call(url, 'blocks.get', { block_id });
  const { changes } = await call(url, 'blocks.history', { block_id, limit: 500 });
  const written = changes.map(({ before, after }) => `${after ?? ''}`.length - `${before ?? ''}`.length);
  print(
    `${PEOPLE + TALKS} writers on one block: ${accepted.length} edits accepted, ${refused} refused as conflicts, ` +
      `${changes.length} versions, the newest ${version}`,
  );
  return [
    ...accepted.filter((line) => !value.includes(line)).map((line) => `the edit "${line}" is lost`),
    ...accepted
      .filter((line) => !changes.some(({ before, after }) => isBrought(line, before, after)))
      .map((line) => `no version brought "${line}"`),
    ...(changes.length === version ? [] : [`${version} versions, but ${changes.length} are kept`]),
    ...(accepted.length + refused === (PEOPLE + TALKS) * EDITS ? [] : ['an edit had no outcome']),
    ...(written.every((length) => length >= 0) ? [] : ['a version has less text than the one before']),
  ];
}

function isBrought(line: string, before: string | null, after: string | null): boolean {
  return after?.includes(line) === true && before?.includes(line) !== true;
}

async function noteByPerson(url: string, block_id: string, line: string): Promise<boolean> {
  const read = await call(url, 'blocks.get', { block_id });
  try {
    const value = `${read.value}\n${line}`;
    await call(url, 'blocks.update', { block_id, base_version: read.version, value });
    return true;
  } catch (error) {
    if (error instanceof Error && error.message.includes('conflict')) return false;
    throw error;
  }
}
