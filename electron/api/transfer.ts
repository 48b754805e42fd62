import type { MethodName } from '../../shared/contract/index.ts';
import { exportAgent } from '../agentfile/export.ts';
import { importAgentFile } from '../agentfile/import.ts';
import { inspectAgentFile } from '../agentfile/inspect.ts';
import { readAgent } from '../store/agents.ts';
import { takeSnapshot } from '../store/snapshot.ts';
import { type ApiDeps, toAgent } from './deps.ts';
import type { Handlers } from './dispatch.ts';

/** The methods of agents as files. */
export type TransferMethod = Extract<MethodName, 'agents.export' | 'agents.import' | 'agents.inspect'>;

/** Agents as files, out and in. */
export function transferHandlers(deps: ApiDeps): Pick<Handlers, TransferMethod> {
  const { database, clock, models, tools, emit } = deps;
  const toolSchemas = new Map(tools.list().map((tool) => [tool.name, tool]));
  const facts = {
    clock,
    known_tools: new Set(toolSchemas.keys()),
    whyModelMissing: (handle: string): string | null => {
      const { badge, message } = models.resolve(handle);
      return badge === 'offline_demo' ? null : message;
    },
  };
  return {
    'agents.export': async ({ agent_id, ...choice }) => {
      const { name, model: handle } = await readAgent(database.read, agent_id);
      const compiled_prompt = await compiledPrompt(deps, agent_id);
      const { model } = models.resolve(handle);
      const model_window = model?.handle === handle ? model.context_window : undefined;
      const options = { ...choice, clock, toolSchemas, compiled_prompt, model_window };
      const { file, warnings } = await exportAgent(database.read, agent_id, options);
      const text = `${JSON.stringify(file, null, 2)}\n`;
      return { file_name: `${fileName(name)}.af`, text, warnings: [...warnings] };
    },
    'agents.inspect': async ({ text }) => inspectAgentFile(database.read, text, facts),
    'agents.import': async ({ text, ...options }) => {
      const { agent_ids, warnings } = await importAgentFile(database, text, {
        ...options,
        ...facts,
        takeSnapshot: () => takeSnapshot(database, clock),
      });
      for (const agent_id of agent_ids) {
        const agent = toAgent(models, await readAgent(database.read, agent_id));
        emit({ type: 'agent.changed', agent });
      }
      return { agent_ids: [...agent_ids], warnings: [...warnings] };
    },
  };
}

// Letta's format keeps the prompt as the model saw it, memory included, as the first message.
async function compiledPrompt({ runtime }: ApiDeps, agent_id: string): Promise<string> {
  const { parts } = await runtime.windows.overview({ agent_id });
  const seen = parts.filter(
    (part) => part.kind === 'system' || part.kind === 'memory' || part.kind === 'index',
  );
  return seen.map((part) => part.text).join('\n\n');
}

// Letters and digits of any script; everything a file system may refuse becomes a dash.
function fileName(name: string): string {
  return (
    name
      .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
      .replaceAll(/^-+|-+$/gu, '')
      .toLowerCase() || 'agent'
  );
}
