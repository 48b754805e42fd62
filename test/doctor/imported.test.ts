/** Files of Letta's own agents, hurt and whole: what an import makes of them is sound, and stays so when it is hurt. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBackend, type Backend } from '../../electron/backend.ts';
import type { MemoirEvent } from '../../shared/events.ts';
import { ROOT } from '../helpers/sources.ts';

const FILES = join(ROOT, '..', 'shared', 'data', 'agent-files');
const names = existsSync(FILES) ? readdirSync(FILES).filter((name) => /^(?!legacy_).*\.af$/.test(name)) : [];

const folder = mkdtempSync(join(tmpdir(), 'memoir-test-'));
let backend: Backend;
beforeAll(async () => {
  backend = await openBackend({ dataDir: folder, env: {}, log: () => undefined });
});
afterAll(async () => {
  await backend.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Takes every third message of an agent out of its file, so that calls and results lose each other. */
function tear(text: string): string {
  type Torn = { messages: { id: string }[]; in_context_message_ids: string[] };
  const parsed: unknown = JSON.parse(text);
  // Some files of Letta's hold their JSON as a text.
  const file = (typeof parsed === 'string' ? JSON.parse(parsed) : parsed) as { agents: Torn[] };
  for (const agent of file.agents) {
    agent.messages = agent.messages.filter((_, index) => index % 3 !== 2);
    const kept = new Set(agent.messages.map(({ id }) => id));
    agent.in_context_message_ids = agent.in_context_message_ids.filter((id) => kept.has(id));
  }
  return JSON.stringify(file);
}

async function importAndLook(text: string): Promise<{ agent_id: string; kinds: string[] }> {
  const { agent_ids } = await backend.call('agents.import', { text, model: 'memoir/offline' });
  const agent_id = agent_ids[0] ?? '';
  const { findings } = await backend.call('doctor.check', { agent_id });
  return { agent_id, kinds: findings.filter(({ repair }) => repair !== null).map(({ kind }) => kind) };
}

test.skipIf(names.length === 0).each(names.length === 0 ? ['no file of the shared data'] : names)(
  'an import of %s has nothing to repair, whole or torn, and its agent answers',
  async (name) => {
    const text = readFileSync(join(FILES, name), 'utf8');
    expect((await importAndLook(text)).kinds).toEqual([]);
    const { agent_id, kinds } = await importAndLook(tear(text));
    expect(kinds).toEqual([]);
    const { conversations } = await backend.call('conversations.list', { agent_id });
    const ended = new Promise<MemoirEvent>((resolve) => {
      const leave = backend.subscribe(({ event }) => {
        if (event.type !== 'run.finished' || event.run.agent_id !== agent_id) return;
        leave();
        resolve(event);
      });
    });
    const conversation_id = conversations[0]?.id ?? '';
    await backend.call('messages.send', { conversation_id, text: 'Are you there?', otid: 'there' });
    expect(await ended).toMatchObject({ run: { state: 'completed' } });
  },
);
