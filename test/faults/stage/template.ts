import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { openBackend } from '../../../electron/backend.ts';
import { STORE_FILE } from '../../../electron/store/open.ts';
import { words } from '../../agent/compaction/window-items.ts';
import { CUES } from './cues.ts';
import { createPlayer, type Player } from './player.ts';

/** An agent of the stage with its own conversation and its block `human`. */
export type Role = { readonly agent_id: string; readonly conversation_id: string; readonly block_id: string };

/** The agents of the stage. */
export type Cast = {
  /** Its window is almost full. */
  readonly ada: Role;
  /** Its memory edits have to be asked for; one waits. */
  readonly bea: Role;
  /** Its block is reviewed; a proposal waits. */
  readonly cy: Role;
  /** Talks with empty hands. */
  readonly dan: Role;
};

const MODEL = 'openai/gpt-4o-mini';
const WINDOW_TOKENS = 6000;

/** What the environment of a backend on the stage has. */
export function stageEnvironment(base_url: string): Record<string, string> {
  return { OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: base_url };
}

/** Writes a store that was lived in into a folder, and says who is in it. */
export async function writeTemplate(folder: string, base_url: string): Promise<Cast> {
  mkdirSync(folder, { recursive: true });
  const backend = await openBackend({
    dataDir: folder,
    env: stageEnvironment(base_url),
    log: () => undefined,
  });
  try {
    const player = createPlayer(backend);
    const ada = await makeRole(player, { name: 'Ada', context_window_limit: WINDOW_TOKENS });
    const bea = await makeRole(player, { name: 'Bea', tool_policies: { memory_insert: 'ask' } });
    const cy = await makeRole(player, { name: 'Cy', blocks: [{ label: 'human', review: true }] });
    const dan = await makeRole(player, { name: 'Dan' });
    await player.say(ada.conversation_id, `I like tea ${CUES.edit}`);
    await fillWindow(player, ada);
    await player.say(bea.conversation_id, `I like rain ${CUES.edit}`);
    await player.say(cy.conversation_id, `I like snow ${CUES.edit}`);
    await player.say(dan.conversation_id, `I like wind ${CUES.edit}`);
    await player.say(dan.conversation_id, 'What do I like?');
    return { ada, bea, cy, dan };
  } finally {
    await backend.close();
  }
}

/** Writes a store of the first schema, as a released version left it. */
export function writeOldStore(folder: string): void {
  const fixture = join(import.meta.dirname, '..', '..', 'fixtures', 'store', 'v10.db.gz');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, STORE_FILE), gunzipSync(readFileSync(fixture)));
}

type AgentFields = {
  readonly name: string;
  readonly context_window_limit?: number;
  readonly tool_policies?: Record<string, 'ask'>;
  readonly blocks?: { label: string; review: boolean }[];
};

async function makeRole({ call }: Player, fields: AgentFields): Promise<Role> {
  const blocks = [{ label: 'human', value: 'A person.' }];
  const agent = await call('agents.create', { model: MODEL, system: 'Be brief.', blocks, ...fields });
  const { conversations } = await call('conversations.list', { agent_id: agent.id });
  const made = await call('blocks.list', { agent_id: agent.id });
  const [conversation] = conversations;
  const block = made.blocks.find(({ label }) => label === 'human');
  if (conversation === undefined || block === undefined) throw new Error('The agent was not made whole.');
  return { agent_id: agent.id, conversation_id: conversation.id, block_id: block.id };
}

async function fillWindow(player: Player, { agent_id, conversation_id }: Role): Promise<void> {
  for (let turn = 0; turn < 40; turn += 1) {
    const { used, trigger } = await player.call('agents.context', { agent_id });
    if (used > trigger - 400) return;
    await player.say(conversation_id, words(900, turn));
  }
  throw new Error('The window did not fill.');
}
