import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { eventually, lastAnswer, openAde, openPage, say } from '../helpers/ade.ts';
import { call } from '../helpers/call.ts';
import { sharedChromium } from '../helpers/chromium.ts';
import { windowPage } from '../helpers/electron-double/person.ts';
import { startDouble } from '../helpers/electron-double/start-double.ts';
import { ollamaRoutes, startJsonServer } from '../helpers/json-server.ts';
import { startModelServer } from '../helpers/model-server.ts';
import type { ScriptedRequest } from '../helpers/scripted-openai.ts';
import { type ServerProcess, spawnServer } from '../helpers/server-process.ts';
import { tempDir } from '../helpers/temp-dir.ts';

/** A key that must be found nowhere. */
const CANARY = 'sk-canary-0000-1111-2222-WXYZ';

/** Where nobody answers, so that no real server of this computer gets into a test. */
const NOBODY = 'http://127.0.0.1:1/v1';

let browser: Browser;
beforeAll(async () => {
  browser = await sharedChromium();
});

describe('a server on this computer', () => {
  test('is found when the card is opened, without a key, and answers after one click', async () => {
    const ollama = await startModelServer({
      routes: ollamaRoutes(4096),
      script: () => ({ kind: 'text', text: 'Hello from Ollama.' }),
    });
    const page = await openAde((await serve({ OLLAMA_BASE_URL: ollama.origin })).url, { browser });
    const opener = page.getByRole('button', { name: 'Connect a model', exact: true });
    await opener.press('Enter');
    const card = cardOf(page);
    const row = modelRow(card, 'qwen3:8b');
    await found(card, row);
    expect(await row.textContent()).toContain('4,096 tokens');
    expect(await row.textContent()).toContain('as it is loaded now; it could hold 40,960');
    expect(await row.textContent()).toContain('Says it calls tools');
    expect(await modelRow(card, 'llama3.2:3b').textContent()).toContain('as set for its next start');
    expect(await modelRow(card, 'gemma:2b').textContent()).toContain('Says it calls no tools');
    expect(await card.textContent()).toContain('LM Studio nothing answers at 127.0.0.1:1');
    expect(await card.locator('input').count()).toBe(0);

    await card.getByRole('button', { name: 'Use qwen3:8b for Ada' }).press('Enter');
    const used = card.getByRole('button', { name: 'In use: qwen3:8b for Ada' });
    await eventually(() => used.getAttribute('aria-pressed')).toBe('true');
    expect(await used.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
    await page.keyboard.press('Escape');
    await eventually(() => card.count()).toBe(0);
    expect(await opener.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);

    await eventually(() => modelStatus(page).textContent()).toBe('ollama/qwen3:8b');
    await say(page, 'Hi');
    expect(await lastAnswer(page).textContent()).toContain('Hello from Ollama.');
    expect(ollama.model.requests.map(({ model }) => model)).toEqual(['qwen3:8b']);
  });

  test('that is not there is told with what to start; one without models says so, too', async () => {
    const empty = await startJsonServer({ '/api/tags': { models: [] }, '/api/ps': { models: [] } });
    const silent = await openAde((await serve({ OLLAMA_BASE_URL: NOBODY })).url, { browser });
    await openCard(silent);
    const card = cardOf(silent);
    await card.getByText('No server of models answers on this computer').waitFor();
    expect(await card.textContent()).toContain('Start Ollama, open LM Studio and start its server');

    const page = await openAde((await serve({ OLLAMA_BASE_URL: empty.origin })).url, { browser });
    await openCard(page);
    await cardOf(page).getByText('Ollama runs but has no model').waitFor();
  });
});

describe('a provider with a key', () => {
  test('keeps nothing of a refused key; the right one answers, and is found nowhere', async () => {
    const cloud = await startModelServer({
      routes: { '/v1/models': { data: [{ id: 'one' }, { id: 'two', context_length: 65_536 }] } },
      script: () => ({ kind: 'text', text: 'Hello from the cloud.' }),
      key: CANARY,
    });
    const server = await serve();
    const page = await openAde(server.url, { browser });
    await page.getByRole('button', { name: 'Connect Ollama, LM Studio or a key' }).click();
    const card = cardOf(page);
    await card.getByRole('button', { name: 'Add a key for DeepSeek' }).click();
    const key = card.getByLabel('Key of DeepSeek');
    await key.fill('sk-wrong-0000');
    expect(await key.getAttribute('type')).toBe('password');
    expect(await key.getAttribute('autocomplete')).toBe('off');
    // A form without an action would put a named field into the address.
    expect(await key.getAttribute('name')).toBeNull();
    await card.getByRole('button', { name: 'Use another address' }).click();
    await card.getByLabel('Address of DeepSeek').fill(`${cloud.origin}/v1`);
    await card.getByRole('button', { name: 'Connect DeepSeek' }).click();
    await card.getByText('Not connected; nothing was kept.').waitFor();
    expect(await card.getByRole('alert').textContent()).toContain('refused the key (401)');
    expect(await sourceOf(server, 'deepseek')).toEqual({ connected: false, source: 'none' });

    await key.fill(CANARY);
    await card.getByRole('button', { name: 'Test DeepSeek' }).click();
    await card.getByText(/Answered in \d+ ms and offers 2 models\./u).waitFor();
    await card.getByRole('button', { name: 'Connect DeepSeek' }).click();
    const two = modelRow(card, 'two');
    await eventually(() => two.textContent()).toContain('65,536 tokensCheckUse');
    expect(await card.locator('input[type=password]').count()).toBe(0);
    expect(await card.textContent()).toContain('key for this session, ends in WXYZ');
    await card.getByRole('button', { name: 'Use two for Ada' }).click();
    await card.getByRole('button', { name: 'In use: two for Ada' }).waitFor();
    await card.getByRole('button', { name: 'Close', exact: true }).click();
    await say(page, 'Hi');
    expect(await lastAnswer(page).textContent()).toContain('Hello from the cloud.');

    await page.goto(`${server.url}/ade/#/settings`);
    await page.getByRole('region', { name: 'Providers', exact: true }).waitFor();
    expect(await everythingIn(page)).toContain('WXYZ');
    expect(await everythingIn(page)).not.toContain('sk-canary');
    expect(server.printed()).not.toContain('sk-canary');
    for (const path of filesUnder(server.data_dir)) {
      expect(readFileSync(path).includes('sk-canary'), path).toBe(false);
    }
  });

  test('is disconnected after a question, and its agents say what they miss', async () => {
    const cloud = await startModelServer({
      routes: { '/v1/models': { data: [{ id: 'one' }] } },
      script: [],
      key: CANARY,
    });
    const server = await serve();
    const connection = { api_key: CANARY, base_url: `${cloud.origin}/v1` };
    await call(server.url, 'providers.connect', { provider: 'groq', ...connection });
    const [agent] = (await call(server.url, 'agents.list', {})).agents;
    await call(server.url, 'agents.update', { agent_id: agent?.id ?? '', model: 'groq/one' });
    const page = await openPage(server.url, { browser, path: '#/settings' });
    const section = page.getByRole('region', { name: 'Providers', exact: true });
    await section.getByRole('button', { name: 'Manage Groq' }).click();
    await section.getByRole('button', { name: 'Disconnect Groq', exact: true }).click();
    await section.getByRole('button', { name: 'Cancel' }).click();
    expect(await sourceOf(server, 'groq')).toEqual({ connected: true, source: 'session' });
    await section.getByRole('button', { name: 'Disconnect Groq', exact: true }).click();
    await section.getByRole('button', { name: 'Disconnect Groq now' }).click();
    await section.getByLabel('Key of Groq').waitFor();
    expect(await sourceOf(server, 'groq')).toEqual({ connected: false, source: 'none' });
    await eventually(() => modelStatus(page).textContent()).toBe('Offline demo modelgroq not connected');
    await page.getByRole('link', { name: 'Chat' }).click();
    await page.getByRole('button', { name: 'Connect it' }).click();
    await cardOf(page).getByLabel('Key of Groq').waitFor();
  });

  test('from the environment says so, and that it is changed there only', async () => {
    const server = await serve({ OPENAI_API_KEY: CANARY });
    const page = await openPage(server.url, { browser, path: '#/settings' });
    const section = page.getByRole('region', { name: 'Providers', exact: true });
    await section.getByRole('button', { name: 'Manage OpenAI' }).click();
    await section.getByText('comes from OPENAI_API_KEY in the environment').waitFor();
    expect(await section.locator('input[type=password]').count()).toBe(0);
    expect(await section.getByRole('button', { name: 'Disconnect OpenAI' }).count()).toBe(0);
  });

  test('that is slow need not be waited for; one with hundreds of models has a search', async () => {
    const slow = await startJsonServer({ '/v1/models': 'hang' });
    const data = Array.from({ length: 312 }, (_, at) => ({ id: `vendor/model-${at}` }));
    const many = await startJsonServer({ '/v1/models': { data } });
    const server = await serve();
    const page = await openAde(server.url, { browser });
    await page.clock.install();
    await openCard(page);
    const card = cardOf(page);
    await card.getByRole('button', { name: 'Set the address of vLLM' }).click();
    const address = card.getByLabel('Address of vLLM');
    await address.fill(`${slow.origin}/v1`);
    await card.getByRole('button', { name: 'Test vLLM' }).click();
    await page.clock.fastForward(3000);
    await card.getByText(/It is slow to answer/u).waitFor();
    await card.getByRole('button', { name: 'Stop waiting' }).click();
    await eventually(() => card.getByText(/slow to answer/u).count()).toBe(0);
    await address.fill(`${many.origin}/v1`);
    await card.getByRole('button', { name: 'Connect vLLM' }).click();
    await card.getByText('40 of 312 models').waitFor();
    await card.getByRole('searchbox', { name: 'Find a model of vLLM' }).fill('311');
    await eventually(() => card.getByRole('list', { name: 'vLLM' }).getByRole('listitem').count()).toBe(1);
    await card.getByRole('searchbox').fill('nothing like it');
    await card.getByText('No model has “nothing like it” in its name').waitFor();
    expect(await sourceOf(server, 'vllm')).toEqual({ connected: true, source: 'none' });
  });
});

test('a check says whether a model can keep memory, in the card, the talk and the settings', async () => {
  const note = { label: 'human', content: 'Likes green tea.' };
  const ollama = await startModelServer({
    routes: ollamaRoutes(),
    script: ({ model }: ScriptedRequest) =>
      model === 'qwen3:8b'
        ? { kind: 'calls', calls: [{ name: 'core_memory_append', arguments: note }] }
        : { kind: 'text', text: 'Noted!' },
  });
  const server = await serve({ OLLAMA_BASE_URL: ollama.origin });
  const page = await openAde(server.url, { browser });
  await openCard(page);
  const card = cardOf(page);
  await card.getByRole('button', { name: 'Check memory tools of qwen3:8b' }).click();
  await eventually(() => modelRow(card, 'qwen3:8b').textContent()).toContain('Memory tools work');
  await card.getByRole('button', { name: 'Check memory tools of gemma:2b' }).click();
  await eventually(() => modelRow(card, 'gemma:2b').textContent()).toContain('No memory tools');
  expect(await modelRow(card, 'gemma:2b').textContent()).toContain('so it may forget what you tell it');
  await card.getByRole('button', { name: 'Use gemma:2b for Ada' }).click();
  await card.getByRole('button', { name: 'In use: gemma:2b for Ada' }).waitFor();
  await card.getByRole('button', { name: 'Close', exact: true }).click();
  await eventually(() => modelStatus(page).textContent()).toBe('ollama/gemma:2bno memory tools');
  await page.getByRole('note').filter({ hasText: 'so it may forget what you tell it' }).waitFor();
  await page.getByRole('button', { name: 'Model: gemma:2b' }).click();
  const line = page.getByRole('menuitemcheckbox', { name: 'ollama/qwen3:8b' });
  expect(await line.textContent()).toContain('Memory tools work');
  await page.keyboard.press('Escape');
  await page.goto(`${server.url}/ade/#/settings`);
  const section = page.getByRole('region', { name: 'Model', exact: true });
  await eventually(() => section.textContent()).toContain('No memory tools');
});

test('the notice of the demo model can be put away, and stays away', async () => {
  const page = await openAde((await serve()).url, { browser });
  const notice = page.getByRole('note').filter({ hasText: 'Running on the offline demo model.' });
  await notice.waitFor();
  await notice.getByRole('button', { name: 'Hide this notice' }).click();
  await page.reload();
  await page.getByRole('textbox', { name: 'Message', exact: true }).waitFor();
  await eventually(() => modelStatus(page).textContent()).toBe('Offline demo model');
  expect(await notice.count()).toBe(0);
});

test('without a keyring nothing is chosen for the person; behind a passphrase a key is locked after a start', async () => {
  const cloud = await startModelServer({
    routes: { '/v1/models': { data: [{ id: 'one' }] } },
    script: [],
    key: CANARY,
  });
  const data_dir = tempDir();
  const first = await startDouble({ data_dir, settings: { secrets: 'basic_text' } });
  onTestFinished(() => first.kill());
  const page = await windowPage(first);
  await openCard(page);
  const card = cardOf(page);
  await card.getByRole('button', { name: 'Add a key for OpenAI' }).click();
  await card.getByLabel('Key of OpenAI').fill(CANARY);
  await card.getByRole('button', { name: 'Use another address' }).click();
  await card.getByLabel('Address of OpenAI').fill(`${cloud.origin}/v1`);
  const connect = card.getByRole('button', { name: 'Connect OpenAI' });
  expect(await card.getByRole('radio').evaluateAll(COUNT_CHECKED)).toBe(0);
  expect(await connect.isDisabled()).toBe(true);
  expect(await card.textContent()).toContain('Readable in a file that only your user may open');
  await card.getByRole('radio', { name: 'Behind a passphrase' }).check();
  await card.getByLabel('Passphrase', { exact: true }).fill('right words');
  await connect.click();
  await card.getByRole('button', { name: 'Use one for Ada' }).click();
  await card.getByRole('button', { name: 'In use: one for Ada' }).waitFor();
  await first.kill();

  const second = await startDouble({ data_dir, settings: { secrets: 'basic_text' } });
  onTestFinished(() => second.kill());
  const again = await windowPage(second);
  await eventually(() => modelStatus(again).textContent()).toBe('openai/onelocked by passphrase');
  await again.getByRole('button', { name: 'Unlock', exact: true }).click();
  const passphrase = cardOf(again).getByLabel('Passphrase');
  await passphrase.fill('wrong words');
  await passphrase.press('Enter');
  await eventually(() => cardOf(again).getByRole('alert').textContent()).toContain('Not unlocked.');
  await passphrase.fill('right words');
  await passphrase.press('Enter');
  await eventually(() => passphrase.count()).toBe(0);
  await again.keyboard.press('Escape');
  await eventually(() => modelStatus(again).textContent()).toBe('openai/one');
  expect(await everythingIn(again)).not.toContain('sk-canary');
});

const COUNT_CHECKED = (radios: readonly unknown[]): number =>
  radios.filter((radio) => (radio as { readonly checked: boolean }).checked).length;

type Served = ServerProcess & { readonly data_dir: string; readonly printed: () => string };

/** A server that ends with the test; no server of models of this computer answers it unless `env` leads there. */
async function serve(env: Record<string, string> = {}): Promise<Served> {
  const data_dir = tempDir();
  const local = 'OLLAMA_BASE_URL' in env ? { LMSTUDIO_BASE_URL: NOBODY, LLAMACPP_BASE_URL: NOBODY } : {};
  const server = await spawnServer(data_dir, { ...local, ...env });
  onTestFinished(() => server.kill());
  let printed = '';
  for (const stream of [server.child.stdout, server.child.stderr]) {
    stream?.on('data', (bytes: Buffer) => (printed += bytes.toString()));
  }
  return { ...server, data_dir, printed: () => printed };
}

async function openCard(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Connect a model', exact: true }).click();
  await cardOf(page).waitFor();
}

function cardOf(page: Page): Locator {
  return page.getByRole('dialog', { name: 'Connect a model' });
}

/** Waits until a model is listed; a server that a busy machine kept from answering within its second is looked for again. */
async function found(card: Locator, row: Locator): Promise<void> {
  const again = card.getByRole('button', { name: 'Look again' }).and(card.locator(':enabled'));
  await eventually(async () => {
    const count = await row.count();
    // While it is looked for there is nothing to press.
    if (count === 0 && (await again.count()) > 0) await again.click({ timeout: 1000 }).catch(() => undefined);
    return count;
  }).toBe(1);
}

function modelRow(card: Locator, name: string): Locator {
  return card.locator('.connect-model').filter({ has: card.page().getByText(name, { exact: true }) });
}

function modelStatus(page: Page): Locator {
  return page.getByRole('status', { name: 'Model' });
}

async function sourceOf(server: ServerProcess, id: string): Promise<object> {
  const { providers } = await call(server.url, 'providers.list', {});
  const found = providers.find((provider) => provider.id === id);
  return { connected: found?.connected, source: found?.source };
}

/** The page, what is typed into it, and what the browser keeps for it. */
function everythingIn(page: Page): Promise<string> {
  return page.evaluate<string>(
    `[document.documentElement.outerHTML, ...[...document.querySelectorAll('input,textarea')].map((each) => each.value),
      JSON.stringify(localStorage), JSON.stringify(sessionStorage), JSON.stringify(history.state), location.href,
      ...performance.getEntries().map((entry) => entry.name)].join(' ')`,
  );
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .flatMap((path) => (statSync(path).isDirectory() ? filesUnder(path) : [path]));
}
