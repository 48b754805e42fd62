import type { Passage } from '../../shared/contract/archive.ts';
import type { MethodName } from '../../shared/contract/index.ts';
import { addPassage, deletePassage, editPassage, restorePassage } from '../memory/archival.ts';
import { listArchive, listArchiveTags, searchArchive } from '../memory/archive-search.ts';
import { eventsOfPassageEdit } from '../memory/events.ts';
import type { PassageEdit } from '../memory/passage-versions.ts';
import { readAgent } from '../store/agents.ts';
import { listPassageVersions } from '../store/memory-changes.ts';
import { type ApiDeps, editContext } from './deps.ts';
import type { Handlers } from './dispatch.ts';

/** Archival memory: its entries, their search and their history. */
export function archiveHandlers(deps: ApiDeps): Pick<Handlers, Extract<MethodName, `archive.${string}`>> {
  const { database, emit } = deps;
  const tell = (edit: PassageEdit): Passage => {
    for (const event of eventsOfPassageEdit(edit)) emit(event);
    return edit.passage;
  };
  return {
    'archive.list': async (input) => {
      await readAgent(database.read, input.agent_id);
      return listArchive(database.read, input);
    },
    'archive.search': async (input) => {
      const start = performance.now();
      const { timezone } = await readAgent(database.read, input.agent_id);
      const answer = await searchArchive(database.read, { ...input, timezone });
      return { ...answer, took_ms: performance.now() - start };
    },
    'archive.tags': async ({ agent_id }) => {
      await readAgent(database.read, agent_id);
      return { tags: await listArchiveTags(database.read, agent_id) };
    },
    'archive.add': async (input, context) =>
      tell(
        await database.transaction(async (tx) => {
          await readAgent(tx, input.agent_id);
          return addPassage(tx, input, editContext(deps, context, input.agent_id));
        }),
      ),
    'archive.update': async (input, context) =>
      tell(await database.transaction((tx) => editPassage(tx, input, editContext(deps, context)))),
    'archive.delete': async ({ passage_id }, context) => {
      tell(await database.transaction((tx) => deletePassage(tx, passage_id, editContext(deps, context))));
      return {};
    },
    'archive.restore': async ({ passage_id }, context) =>
      tell(await database.transaction((tx) => restorePassage(tx, passage_id, editContext(deps, context)))),
    'archive.history': async ({ passage_id }) => ({
      changes: await listPassageVersions(database.read, passage_id),
    }),
  };
}
