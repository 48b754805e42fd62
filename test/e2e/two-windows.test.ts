import { expect, onTestFinished, test } from 'vitest';
import { sharedChromium } from '../helpers/chromium.ts';
import { openAde, say } from '../helpers/ade.ts';
import { spawnServer } from '../helpers/server-process.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const JSON_HEADERS = { 'content-type': 'application/json' };

test('two windows and an API client on one conversation see the same talk, and no block edit is lost', async () => {
  const server = await spawnServer(tempDir());
  onTestFinished(() => server.kill());
  const browser = await sharedChromium();
  const first = await openAde(server.url, { browser });
  const second = await openAde(server.url, { browser });

  await say(first, 'My name is Kit');
  await say(second, 'I like tea');
  const [agent] = (await (await fetch(`${server.url}/v1/agents/`)).json()) as { id: string }[];
  const messages = `${server.url}/v1/agents/${agent?.id ?? ''}/messages`;
  const body = JSON.stringify({ messages: [{ role: 'user', content: 'I like rain' }] });
  expect((await fetch(messages, { method: 'POST', headers: JSON_HEADERS, body })).status).toBe(200);

  const said = ['My name is Kit', 'I like tea', 'I like rain'];
  for (const page of [first, second]) {
    const log = page.getByRole('log', { name: 'Conversation' });
    await expect.poll(() => log.textContent()).toContain('I like rain');
    const text = (await log.textContent()) ?? '';
    expect(said.map((line) => text.indexOf(line))).toEqual(
      said.map((line) => text.indexOf(line)).toSorted((a, b) => a - b),
    );
    const human = page.getByRole('region', { name: 'Block human' });
    for (const fact of ['Kit', 'tea', 'rain']) await expect.poll(() => human.textContent()).toContain(fact);
  }

  const human = first.getByRole('region', { name: 'Block human' });
  await human.getByRole('button', { name: 'Edit' }).click();
  const box = first.getByRole('textbox', { name: 'Value of human' });
  await box.fill(`Met at the harbour\n${await box.inputValue()}`);
  await say(second, 'I love jazz');
  await first.getByRole('button', { name: 'Save', exact: true }).click();
  const other = second.getByRole('region', { name: 'Block human' });
  for (const fact of ['Met at the harbour', 'jazz']) {
    await expect.poll(() => other.textContent()).toContain(fact);
  }
});
