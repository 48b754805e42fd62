/** Troubleshooting as a person meets it: where a trouble shows itself, the way to its row, and the way to the cure. */
import type { Page } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';
import { eventually, openAde, openPage, send, shareAde, talk } from '../helpers/ade.ts';
import { call } from '../helpers/call.ts';
import { type ScriptedAnswer, type ScriptedModel, startScriptedModel } from '../helpers/scripted-openai.ts';
import { accessFaultsIn, THEMES } from './access-look.ts';

const script: ScriptedAnswer[] = [];
const models: ScriptedModel[] = [];
afterAll(() => Promise.all(models.map((model) => model.close())));
const shared = shareAde(async () => {
  const model = await startScriptedModel(
    () => script.shift() ?? { kind: 'text', text: 'Nothing left to say.' },
  );
  models.push(model);
  return { OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: model.base_url };
});

const REFUSED: ScriptedAnswer = { kind: 'status', status: 401, message: 'Incorrect API key provided.' };

test('a failed answer leads to its row, which says cause and cure, and from there to the card of its provider', async () => {
  const { page } = await openAgent([REFUSED]);
  await send(page, 'Are you there?');
  const notice = page.getByRole('alert').filter({ hasText: 'The answer could not be finished' });
  await notice.getByRole('link', { name: 'What to do: Agent does not respond' }).click();
  const row = rowOf(page, 'Agent does not respond');
  await eventually(() => row.evaluate((each) => each === document.activeElement)).toBe(true);
  await eventually(() => row.textContent()).toContain('Trouble');
  expect(await row.textContent()).toMatch(
    /refused to let us in \(401\)\.What to do: Enter the key of OpenAI again/,
  );
  await row.getByRole('button', { name: 'Connect a model: Agent does not respond' }).click();
  const card = page.getByRole('dialog', { name: 'Connect a model' });
  await eventually(() => card.textContent()).toContain('OPENAI_API_KEY');
  await page.keyboard.press('Escape');
  await eventually(() => card.count()).toBe(0);

  await page.goBack();
  await eventually(() => notice.count()).toBe(1);
});

test('Check again sees that it is over; the report is copied without keys and messages', async () => {
  const { page, id } = await openAgent([REFUSED, { kind: 'text', text: 'Here.' }]);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await send(page, 'canary-said');
  await eventually(() => page.getByRole('button', { name: 'Try again' }).count()).toBe(1);
  await page.goto(`${shared().url}/ade/#/settings/${id}/no_answer`);
  const row = rowOf(page, 'Agent does not respond');
  await eventually(() => row.textContent()).toContain('Trouble');
  await page.getByRole('button', { name: 'Copy report' }).click();
  await eventually(() => page.evaluate('navigator.clipboard.readText()')).toContain('no_answer: model_auth');
  const report = await page.evaluate<string>('navigator.clipboard.readText()');
  expect(report).not.toMatch(/canary-said|sk-test/);

  const { conversations } = await call(shared().url, 'conversations.list', { agent_id: id });
  const conversation_id = conversations[0]?.id ?? '';
  await call(shared().url, 'messages.send', { conversation_id, text: 'Again', otid: 'again' });
  await eventually(async () => {
    await page.getByRole('button', { name: 'Check again' }).click();
    return row.textContent();
  }).toContain('Fine');
});

test('a failed tool, an old failure and an empty search each lead to their own row', async () => {
  const { page, id } = await openAgent([
    { kind: 'calls', calls: [{ name: 'archival_memory_search', arguments: {} }] },
    { kind: 'calls', calls: [{ name: 'archival_memory_search', arguments: { query: 'tea' } }] },
    { kind: 'text', text: 'Nothing there.' },
    REFUSED,
    REFUSED,
  ]);
  await send(page, 'Search');
  await eventually(() => talk(page).textContent()).toContain('Nothing there.');
  await send(page, 'Once');
  await eventually(() => page.getByRole('button', { name: 'Try again' }).count()).toBe(1);
  await send(page, 'Twice');
  const past = talk(page).getByRole('note').getByRole('link', { name: 'What to do: Agent does not respond' });
  await eventually(() => past.count()).toBe(1);
  await talk(page).getByRole('link', { name: 'What to do: A tool fails' }).click();
  await eventually(() => rowOf(page, 'A tool fails').textContent()).toContain('Needs a look');

  await page.goto(`${shared().url}/ade/#/archive/${id}`);
  await page.getByRole('searchbox').fill('submarine');
  await page.getByRole('link', { name: 'What to do: Archive search finds nothing' }).click();
  const row = rowOf(page, 'Archive search finds nothing');
  await eventually(() => row.textContent()).toContain('there is no embedding model in this version');
  await row.getByRole('button', { name: 'Open the archive: Archive search finds nothing' }).click();
  await page.getByRole('searchbox').waitFor();
  expect(page.url()).toContain('#/archive');
});

test('while the model is silent the talk says for how long', async () => {
  const { page, name } = await openAgent([{ kind: 'hang' }]);
  await page.clock.install();
  await send(page, 'Hello');
  await talk(page).getByRole('article', { name, exact: true }).waitFor();
  const hint = talk(page).getByText(/^Still waiting for the model: \d+ s$/);
  await page.clock.fastForward(9000);
  expect(await hint.count()).toBe(0);
  await page.clock.fastForward(5000);
  await eventually(() => hint.textContent()).toMatch(/: 1[3-6] s$/);
  expect(await talk(page).getByRole('link', { name: 'What to do: Answers are slow' }).count()).toBe(1);
});

test('memory that leaves no room to talk is refused with the way to its row and to the memory', async () => {
  const { page } = await openAgent([], {
    context_window_limit: 4096,
    blocks: [{ label: 'notes', value: 'Remember the harbour and its boats. '.repeat(230), limit: 20_000 }],
  });
  await send(page, 'Hello');
  const refusal = talk(page).getByText(/leaves too little room in the window of 4,096/);
  await eventually(() => refusal.count()).toBe(1);
  await talk(page).getByRole('link', { name: 'What to do: Context window exceeded' }).click();
  const row = rowOf(page, 'Context window exceeded');
  await eventually(() => row.textContent()).toContain('first the block notes');
  await row.getByRole('button', { name: 'Open memory: Context window exceeded' }).click();
  await eventually(() => page.getByRole('region', { name: 'Block notes', exact: true }).count()).toBe(1);
});

test('the section is free of accessibility faults in both themes, measured values unfolded', async () => {
  const { page, id } = await openAgent([REFUSED]);
  await send(page, 'Hello');
  await eventually(() => page.getByRole('button', { name: 'Try again' }).count()).toBe(1);
  expect(await accessFaultsIn(page, THEMES, 'troubleshooting')).toEqual([]);
  await page.goto(`${shared().url}/ade/#/settings/${id}/connection`);
  await rowOf(page, 'Connection refused').waitFor();
  for (const button of await page.getByRole('button', { name: /^What was measured/ }).all())
    await button.click();
  expect(await rowOf(page, 'Connection refused').textContent()).toContain(`Listens on${shared().url}`);
  expect(await accessFaultsIn(page, THEMES, 'troubleshooting')).toEqual([]);
});

test('a check that can not be made says why, and Check again makes it', async () => {
  const { id } = await makeAgent({});
  const { url, browser } = shared();
  const page = await openPage(url, { browser, agent_id: id, may_lose_backend: true });
  await page.route('**/ade/rpc/system.diagnose', (route) => route.abort());
  await page.goto(`${url}/ade/#/settings/${id}/connection`);
  await eventually(() => section(page).textContent()).toContain('The check could not be made');
  await page.unroute('**/ade/rpc/system.diagnose');
  await page.getByRole('button', { name: 'Check again' }).click();
  await rowOf(page, 'Connection refused').waitFor();
  expect(await section(page).textContent()).not.toContain('The check could not be made');
});

type AgentFields = {
  context_window_limit?: number;
  blocks?: { label: string; value: string; limit: number }[];
};

async function makeAgent(fields: AgentFields): Promise<{ id: string; name: string }> {
  const name = `Agent ${crypto.randomUUID().slice(0, 8)}`;
  const { id } = await call(shared().url, 'agents.create', { name, model: 'openai/gpt-4o-mini', ...fields });
  return { id, name };
}

/** Opens a new agent whose requests to the model are answered so. */
async function openAgent(
  answers: readonly ScriptedAnswer[],
  fields: AgentFields = {},
): Promise<{ page: Page; id: string; name: string }> {
  const { url, browser } = shared();
  script.splice(0, script.length, ...answers);
  const { id, name } = await makeAgent(fields);
  return { page: await openAde(url, { browser, agent_id: id }), id, name };
}

function section(page: Page) {
  return page.getByRole('region', { name: 'Troubleshooting' });
}

function rowOf(page: Page, name: string) {
  return section(page).getByRole('listitem', { name, exact: true });
}
