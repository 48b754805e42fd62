import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { connectClient, type Client } from '../kill/client.ts';
import type { createNursery } from '../stage/start-child.ts';
import type { Stage } from '../stage/stage.ts';
import { type Tally, tallyOf } from '../tally.ts';
import type { Ack } from '../verify/acks.ts';
import { type Finding, findingsOf } from '../verify/findings.ts';
import { reviveAndInspect } from '../kill/point-run.ts';

/** How many write at once, and how much each of them. */
export type Crowd = { readonly writers: number; readonly edits: number };

/** Lets several clients of one server edit one block and talk in one conversation; every edit has to be there once. */
export async function writeTogether(
  stage: Stage,
  nursery: ReturnType<typeof createNursery>,
  { writers, edits }: Crowd,
  again: string,
): Promise<Tally> {
  const folder = stage.folder();
  const child = nursery.take();
  const { base_url } = stage.model;
  child.order({ folder, base_url, cast: stage.cast, work: 'serve', point: null });
  const url = await child.ready;
  if (url === null) throw new Error(`The server did not start: ${(await child.gone).errors}`);
  const numbers = Array.from({ length: writers }, (_one, number) => number);
  const clients = await Promise.all(numbers.map(() => connectClient(url)));
  await Promise.all(clients.map((client, number) => write(client, stage, { number, edits })));
  const [reader] = clients;
  const block = await reader?.call('blocks.get', { block_id: stage.cast.dan.block_id });
  const lines = block?.value.split('\n') ?? [];
  const lost = numbers.flatMap((number) =>
    Array.from({ length: edits }, (_one, edit) => lineOf(number, edit)).filter(
      (line) => lines.filter((each) => each === line).length !== 1,
    ),
  );
  child.kill();
  await child.gone;
  const acks: Ack[] = clients.flatMap((client) => client.acks);
  const findings: Finding[] = [
    ...findingsOf(
      'lost',
      lost.map((line) => `"${line}" is not in the block exactly once`),
    ),
    ...findingsOf(
      'other',
      clients.flatMap((client) => client.faults),
    ),
    ...(await reviveAndInspect(stage, folder, acks, stage.talks)),
  ];
  return tallyOf(acks.length, findings, again);
}

function lineOf(number: number, edit: number): string {
  return `Writer ${number}, line ${edit}.`;
}

async function write(
  client: Client,
  { cast: { dan } }: Stage,
  { number, edits }: { readonly number: number; readonly edits: number },
): Promise<void> {
  const { block_id, conversation_id } = dan;
  for (let edit = 0; edit < edits; edit += 1) {
    const text = `Writer ${number} says ${edit}`;
    await client.call('messages.send', { conversation_id, text, otid: crypto.randomUUID() });
    for (let is_kept = false; !is_kept;) {
      const block = await client.call('blocks.get', { block_id });
      if (block === null) throw new Error('The block is gone.');
      // A person thinks before they save; meanwhile others do.
      await client.call('system.info', {});
      const value = `${block.value}\n${lineOf(number, edit)}`;
      is_kept =
        (await client.call('blocks.update', { block_id, base_version: block.version, value })) !== null;
    }
  }
}

/** Lets several processes count up one number of one store; the sum has to be right and nobody may be refused. */
export async function countTogether(stage: Stage, { writers, edits }: Crowd, again: string): Promise<Tally> {
  const folder = stage.folder();
  const script = join(import.meta.dirname, 'count-child.ts');
  const children = Array.from({ length: writers }, () =>
    spawn(process.execPath, [script, folder, String(edits)], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] }),
  );
  await Promise.all(children.map((child) => once(child, 'message')));
  const outputs = await Promise.all(
    children.map(async (child) => {
      let output = '';
      child.stdout?.on('data', (bytes: Buffer) => (output += bytes.toString()));
      child.send('begin');
      await once(child, 'close');
      return JSON.parse(output) as { refused: string[]; count: number };
    }),
  );
  const refused = outputs.flatMap((output) => output.refused);
  const sum = Math.max(...outputs.map(({ count }) => count));
  const wanted = writers * edits;
  return tallyOf(
    wanted - refused.length,
    [
      ...findingsOf(
        'other',
        [...new Set(refused)].map((words) => `refused: ${words}`),
      ),
      ...findingsOf('lost', sum === wanted - refused.length ? [] : [`${sum} of ${wanted} were counted`]),
    ],
    again,
  );
}
