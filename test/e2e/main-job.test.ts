import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { eventually, lastAnswer, openAde, say } from '../helpers/ade.ts';
import { spawnServer } from '../helpers/server-process.ts';
import { tempDir } from '../helpers/temp-dir.ts';

test('a newcomer talks, the agent remembers, and what it knows outlives a kill, an edit and a move', async () => {
  const dataDir = tempDir();
  let server = await spawnServer(dataDir);
  onTestFinished(() => server.kill());
  let page = await openAde(server.url, { may_lose_backend: true });
  const human = (): ReturnType<typeof page.getByRole> => page.getByRole('region', { name: 'Block human' });

  await say(page, 'Hi, my name is Kit and I like concise answers');
  await eventually(() => human().textContent()).toContain('Kit');
  await eventually(() => human().textContent()).toContain('concise answers');
  await eventually(() => page.getByRole('group', { name: 'Memory change human' }).count()).toBeGreaterThan(0);

  await say(page, 'Remember that the wifi code is tulip-42');
  await eventually(() => archiveTexts(server.url)).toContainEqual(expect.stringContaining('tulip-42'));

  await server.kill();
  server = await spawnServer(dataDir);
  page = await openAde(server.url);
  await say(page, 'What is the wifi code?');
  await eventually(() => lastAnswer(page).textContent()).toContain('tulip-42');

  await human().getByRole('button', { name: 'Edit' }).click();
  const box = page.getByRole('textbox', { name: 'Value of human' });
  const before = await box.inputValue();
  await box.fill(before.replaceAll('Kit', 'Kestrel'));
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await eventually(() => blockValue(server.url)).toBe(before.replaceAll('Kit', 'Kestrel'));
  await say(page, 'What is my name?');
  await eventually(() => lastAnswer(page).textContent()).toContain('Kestrel');

  const edited = await blockValue(server.url);
  await say(page, 'Actually, call me Robin');
  await eventually(() => blockValue(server.url)).toContain('Robin');
  await page
    .getByRole('group', { name: 'Memory change human' })
    .last()
    .getByRole('button', { name: 'Undo' })
    .click();
  await eventually(() => blockValue(server.url)).toBe(edited);
});

test('an exported agent that was deleted still knows its person after the import', async () => {
  const dataDir = tempDir();
  const server = await spawnServer(dataDir);
  onTestFinished(() => server.kill());
  const page = await openAde(server.url);
  await say(page, 'Hi, my name is Kit and I like concise answers');

  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('dialog').getByRole('button', { name: 'Export' }).click();
  const file = join(dataDir, 'ada.af');
  await (await download).saveAs(file);
  expect(readFileSync(file, 'utf8')).toContain('Kit');

  const [ada] = (await call(server.url, 'agents.list', {}))['agents'] as { id: string }[];
  await call(server.url, 'agents.delete', { agent_id: ada?.id });
  await eventually(() => page.getByRole('textbox', { name: 'Message', exact: true }).count()).toBe(0);

  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByRole('dialog').locator('input[type=file]').setInputFiles(file);
  await page.getByRole('dialog').getByRole('button', { name: 'Import' }).click();
  await eventually(async () => (await call(server.url, 'agents.list', {}))['agents']).toHaveLength(1);
  await page.keyboard.press('Escape');
  await page.goto(`${server.url}/ade/`);
  await say(page, 'What is my name?');
  await eventually(() => lastAnswer(page).textContent()).toContain('Kit');
});

async function call(url: string, name: string, input: unknown): Promise<Record<string, unknown>> {
  const response = await fetch(`${url}/ade/rpc/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input),
  });
  return (await response.json()) as Record<string, unknown>;
}

async function firstAgent(url: string): Promise<string> {
  const { agents } = (await call(url, 'agents.list', {})) as { agents: { id: string }[] };
  return agents[0]?.id ?? '';
}

async function blockValue(url: string): Promise<string> {
  const { blocks } = (await call(url, 'blocks.list', { agent_id: await firstAgent(url) })) as {
    blocks: { label: string; value: string }[];
  };
  return blocks.find((block) => block.label === 'human')?.value ?? '';
}

async function archiveTexts(url: string): Promise<string[]> {
  const { passages } = (await call(url, 'archive.list', { agent_id: await firstAgent(url) })) as {
    passages: { text: string }[];
  };
  return passages.map((passage) => passage.text);
}
