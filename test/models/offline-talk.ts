import { type Letta, makeAgent, type Wire } from '../letta/server.ts';

/** What a talk with a fresh agent comes to: what it keeps in the block, in the archive, and says last. */
export type Outcome = { readonly human: string; readonly archive: unknown[]; readonly answer: string };

/** Talks with an agent of its own; `fields` set how it is made. */
export async function talk(letta: Letta, said: readonly string[], fields: Wire = {}): Promise<Outcome> {
  const blocks = [
    { label: 'human', value: '' },
    { label: 'persona', value: 'My name is Ada.' },
  ];
  const id = await makeAgent(letta, { memory_blocks: blocks, ...fields });
  let answer = '';
  for (const input of said) {
    const { body } = await letta.ask(`POST /v1/agents/${id}/messages`, { input });
    answer = String((body as { messages: Wire[] }).messages.at(-1)?.['content']);
  }
  const block = await letta.ask(`GET /v1/agents/${id}/core-memory/blocks/human`);
  const archive = await letta.ask(`GET /v1/agents/${id}/archival-memory`);
  return {
    human: String((block.body as Wire)['value']),
    archive: (archive.body as Wire[]).map(({ text }) => text),
    answer,
  };
}
