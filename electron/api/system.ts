import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { MethodName, OutputOf } from '../../shared/contract/index.ts';
import type { ApiDeps, SystemFacts } from './deps.ts';
import { diagnose } from '../diagnosis/diagnose.ts';
import type { Handlers } from './dispatch.ts';

type SystemMethod = Extract<MethodName, `system.${string}` | 'models.list' | `tools.${string}`>;

/** What is here: models, tools, and who answers. */
export function systemHandlers(deps: ApiDeps, facts: SystemFacts): Pick<Handlers, SystemMethod> {
  const { models, tools } = deps;
  return {
    'system.info': async () => systemInfo(facts),
    'system.diagnose': ({ agent_id }) => diagnose(deps, facts, agent_id),
    'models.list': async () => ({ models: [...models.list()], default_model: models.defaultHandle() }),
    'tools.list': async () => ({
      tools: tools
        .list()
        .map(({ name, description, parameters }) => ({ name, description, json_schema: parameters })),
    }),
  };
}

/** Answers `system.info`, with or without an open store. */
export function systemInfo(facts: SystemFacts): OutputOf<'system.info'> {
  const { state, message } = facts.store();
  return {
    version: facts.version,
    boot_id: facts.boot_id,
    data_dir: facts.data_dir,
    store: state,
    message,
    last_backup: lastBackup(facts.data_dir),
  };
}

function lastBackup(dataDir: string): OutputOf<'system.info'>['last_backup'] {
  const folder = join(dataDir, 'backups');
  const files = listFiles(folder).filter((name) => name.endsWith('.db'));
  const newest = files
    .map((name) => ({ path: join(folder, name), stat: statSync(join(folder, name)) }))
    .toSorted((a, b) => b.stat.mtimeMs - a.stat.mtimeMs)[0];
  if (newest === undefined) return null;
  return { path: newest.path, at: newest.stat.mtime.toISOString(), bytes: newest.stat.size };
}

function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // No backup was made yet, so there is no folder.
    return [];
  }
}
