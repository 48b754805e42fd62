import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { eventually, openPage } from '../helpers/ade.ts';
import { call } from '../helpers/call.ts';
import { launchChromium } from '../helpers/chromium.ts';
import { ollamaRoutes, startJsonServer } from '../helpers/json-server.ts';
import { startScriptedModel } from '../helpers/scripted-openai.ts';
import { spawnServer } from '../helpers/server-process.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const COUNTER = pathToFileURL(join(import.meta.dirname, '..', 'untrusted', 'count-connections.ts')).href;

/**
 * The server counts in its own process: `Socket.connect`, every DNS question and every datagram are wrapped before its
 * first line runs. The browser writes down every connection of its network stack itself (its net log).
 */
test('nothing connects anywhere before a message is sent, and then only to the chosen model', async () => {
  const model = await startScriptedModel(() => ({ kind: 'text', text: 'Here I am.' }));
  onTestFinished(() => model.close());
  const folder = tempDir();
  const log = join(folder, 'connections.log');
  const server = await spawnServer(join(folder, 'data'), {
    NODE_OPTIONS: `--import=${COUNTER}`,
    CONNECTIONS_LOG: log,
    OPENAI_API_KEY: 'sk-test',
    OPENAI_BASE_URL: model.base_url,
    OLLAMA_BASE_URL: model.base_url,
  });
  onTestFinished(() => server.kill());
  const connections = (): string[] => linesOf(log).filter((line) => line !== 'watching');
  const { agents } = await call(server.url, 'agents.list', {});
  const agent_id = agents[0]?.id ?? '';
  await call(server.url, 'agents.update', { agent_id, model: 'openai/gpt-4o-mini' });

  const netLog = join(folder, 'net.json');
  const browser = await launchChromium({ args: [`--log-net-log=${netLog}`] });
  onTestFinished(() => browser.close());
  for (const path of ['', `#/archive/${agent_id}`, `#/settings/${agent_id}`]) {
    const page = await openPage(server.url, { browser, path });
    await page.getByRole('navigation', { name: 'Main' }).waitFor();
    // A round of the window's own questions to its backend.
    await page.waitForResponse(/system\.info/u);
  }
  expect(linesOf(log)).toContain('watching');
  expect(connections()).toEqual([]);
  expect(model.requests.length).toBe(0);

  const { conversations } = await call(server.url, 'conversations.list', { agent_id });
  const conversation_id = conversations[0]?.id ?? '';
  await call(server.url, 'messages.send', { conversation_id, text: 'Are you there?', otid: 'first' });
  await eventually(connections).toContain(`connect ${new URL(model.base_url).port}`);
  const ports = new Set(connections().filter((line) => line.startsWith('connect')));
  expect([...ports]).toEqual([`connect ${new URL(model.base_url).port}`]);

  await browser.close();
  expect(connectionsOf(netLog)).toEqual([new URL(server.url).host]);
});

test('servers are looked for on this computer alone, and only once the card is opened', async () => {
  const ollama = await startJsonServer(ollamaRoutes());
  const folder = tempDir();
  const log = join(folder, 'connections.log');
  const server = await spawnServer(join(folder, 'data'), {
    NODE_OPTIONS: `--import=${COUNTER}`,
    CONNECTIONS_LOG: log,
    OPENAI_API_KEY: 'sk-test',
    OLLAMA_BASE_URL: ollama.origin,
    // Elsewhere: its usual place on this computer is looked at instead.
    LMSTUDIO_BASE_URL: 'http://models.example:1234/v1',
  });
  onTestFinished(() => server.kill());
  const connections = (): string[] => linesOf(log).filter((line) => line !== 'watching');
  const browser = await launchChromium();
  onTestFinished(() => browser.close());
  const page = await openPage(server.url, { browser, path: '#/settings' });
  const section = page.getByRole('region', { name: 'Providers', exact: true });
  await section.getByRole('button', { name: 'Manage OpenAI' }).click();
  await page.getByRole('link', { name: 'Chat' }).click();
  const opener = page.getByRole('button', { name: 'Connect a model', exact: true });
  await opener.waitFor();
  await page.waitForResponse(/system\.info/u);
  expect(connections()).toEqual([]);

  const looked = page.waitForResponse(/providers\.discover/u);
  await opener.click();
  await looked;
  const { port } = new URL(ollama.origin);
  const tried = [...new Set(connections())].toSorted();
  expect(tried).toEqual([port, '1234', '8080'].map((each) => `connect ${each}`).toSorted());
});

/** The addresses a browser connected to, by its net log. */
function connectionsOf(netLog: string): string[] {
  const { constants, events } = JSON.parse(readFileSync(netLog, 'utf8')) as NetLog;
  const type = constants.logEventTypes['TCP_CONNECT_ATTEMPT'];
  const addresses = events.flatMap((event) =>
    event.type === type && event.params?.address !== undefined ? [event.params.address] : [],
  );
  return [...new Set(addresses)];
}

type NetLog = {
  readonly constants: { readonly logEventTypes: Readonly<Record<string, number>> };
  readonly events: readonly { readonly type: number; readonly params?: { readonly address?: string } }[];
};

function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8').trim().split('\n');
}
