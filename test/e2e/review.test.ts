/** What waits for a person, over a restart of the server: calls to allow in the talk, edits of memory in the tray. */
import type { Locator, Page } from 'playwright-core';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Browser } from 'playwright-core';
import type { Agent } from '../../shared/contract/agents.ts';
import { eventually, openAde, send, talk } from '../helpers/ade.ts';
import { call } from '../helpers/call.ts';
import { sharedChromium } from '../helpers/chromium.ts';
import { openRelay, type Relay } from '../helpers/relay.ts';
import { type ScriptedAnswer, type ScriptedModel, startScriptedModel } from '../helpers/scripted-openai.ts';
import { type ServerProcess, spawnServer } from '../helpers/server-process.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { accessFaultsIn, THEMES } from './access-look.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await sharedChromium();
});

const VALUE = 'Mara lives in Leeds.\nLikes tea.';
const replace = (old_string: string, new_string: string) => ({
  name: 'memory_replace',
  arguments: { label: 'human', old_string, new_string },
});
const file = (content: string) => ({ name: 'archival_memory_insert', arguments: { content } });

test('calls that wait stand in the talk, outlive a restart, and go on as each is decided', async () => {
  const stage = await setStage({ tool_policies: { memory_replace: 'ask', archival_memory_insert: 'ask' } });
  const { page, agent, conversation_id } = stage;
  const look = { name: 'get_weather', arguments: { city: 'Lisbon' } };
  stage.script.push({
    kind: 'calls',
    text: 'This changes things.',
    calls: [replace('Leeds', 'Lisbon'), file('Moves in May'), file('Has a cat'), look],
  });
  const client_tools = [{ name: 'get_weather', parameters: { type: 'object', properties: { city: {} } } }];
  await stage.ask('messages.send', { conversation_id, text: 'I move to Lisbon', otid: 'a', client_tools });

  const replacing = callCard(page, 'memory_replace');
  await eventually(() => replacing.textContent()).toContain(`${agent.name} wants to change human`);
  expect(await replacing.getByRole('group', { name: 'Words changed in human' }).textContent()).toContain(
    'Mara lives in Lisbon.',
  );
  await eventually(() => page.title()).toBe('(4) Memoir');
  await page.getByRole('link', { name: 'Review, 4 wait' }).waitFor();
  await send(page, 'And then?');
  const queue = page.getByRole('list', { name: 'Waiting messages' }).getByRole('listitem');
  await eventually(() => queue.allTextContents()).toEqual(['And then?']);
  expect(await accessFaultsIn(page, THEMES, 'waiting calls')).toEqual([]);

  // What was begun to be written stays, too.
  const filing = callCard(page, 'archival_memory_insert');
  const edit = filing.first().getByRole('button', { name: 'Edit' });
  await edit.click();
  await page.keyboard.press('Escape');
  expect(await edit.evaluate((each) => each === document.activeElement)).toBe(true);
  await edit.click();
  await filing.first().getByRole('textbox', { name: 'content' }).fill('Moves in June');
  await stage.restart();
  await eventually(() => filing.count()).toBe(2);
  await page.reload();
  await eventually(() => filing.first().getByRole('textbox', { name: 'content' }).inputValue()).toBe(
    'Moves in June',
  );
  await eventually(() => queue.allTextContents()).toEqual(['And then?']);

  await filing.first().getByRole('button', { name: 'All as JSON' }).click();
  const json = filing.first().getByRole('textbox', { name: 'All as JSON' });
  await json.fill('{"text": "Moves in June"}');
  await filing.first().getByRole('button', { name: 'Approve with these' }).click();
  await eventually(() => filing.first().getByRole('alert').textContent()).toContain('"content" is missing');
  await json.fill('{"content": "Moves in June"}');
  await filing.first().getByRole('button', { name: 'Approve with these' }).click();
  await eventually(() => talk(page).getByRole('note').allTextContents()).toEqual([
    expect.stringContaining('Approved by you, with other arguments'),
  ]);
  await callCard(page, 'get_weather').getByRole('button', { name: 'Answer' }).click();
  await page.getByRole('textbox', { name: 'What get_weather gives back' }).fill('Sunny');
  await page.getByRole('button', { name: 'Send the answer' }).click();
  // What is decided is gone: the focus is on what waits next.
  await eventually(() => page.evaluate<boolean>(`document.activeElement.matches('[data-review]')`)).toBe(
    true,
  );
  await filing.last().getByRole('button', { name: 'Deny' }).click();
  await page.getByRole('textbox', { name: 'Why not? The agent reads it.' }).fill('It is a dog');
  await filing.last().getByRole('button', { name: 'Deny' }).last().click();
  stage.script.push({ kind: 'text', text: 'All noted.' }, { kind: 'text', text: 'Then you arrive.' });
  await replacing.getByRole('button', { name: 'Approve' }).click();

  await eventually(() => talk(page).textContent()).toContain('Then you arrive.');
  expect(await queue.count()).toBe(0);
  expect(await stage.human()).toBe('Mara lives in Lisbon.\nLikes tea.');
  const { passages } = await stage.ask('archive.list', { agent_id: agent.id });
  expect(passages.map(({ text }) => text)).toEqual(['Moves in June']);
  const results = stage.model.requests
    .findLast(({ messages }) => messages.at(-1)?.role === 'tool')
    ?.messages.filter(({ role }) => role === 'tool');
  expect(results?.map(({ content }) => content)).toEqual([
    expect.stringContaining('Lisbon'),
    expect.stringContaining('filed'),
    expect.stringContaining('Not run: the person denied this call. Their reason: It is a dog'),
    expect.stringContaining('Sunny'),
  ]);
  expect(await talk(page).getByRole('note').allTextContents()).toEqual([
    expect.stringMatching(/^Approved by you, /u),
    expect.stringMatching(/^Approved by you, with other arguments/u),
    expect.stringContaining('Denied by you: It is a dog'),
    expect.stringContaining('Answered by you'),
  ]);
  await eventually(() => page.title()).toBe('Memoir');
  expect(stage.model.refusals).toEqual([]);
});

test('several calls are answered at once, and Stop closes what waits', async () => {
  const stage = await setStage({ tool_policies: { archival_memory_insert: 'ask' } });
  const { page, agent } = stage;
  const paused = page.getByRole('group', { name: 'What the answer waits for' });
  stage.script.push({ kind: 'calls', calls: [file('One'), file('Two')] }, { kind: 'text', text: 'Filed.' });
  await send(page, 'Keep both');
  await paused.getByRole('button', { name: 'Approve all 2' }).click();
  await eventually(() => talk(page).textContent()).toContain('Filed.');
  const texts = async () =>
    (await stage.ask('archive.list', { agent_id: agent.id })).passages.map(({ text }) => text).toSorted();
  expect(await texts()).toEqual(['One', 'Two']);

  stage.script.push(
    { kind: 'calls', calls: [file('Three'), file('Four')] },
    { kind: 'text', text: 'Not then.' },
  );
  await send(page, 'And these');
  await paused.getByRole('button', { name: 'Deny all' }).click();
  await page.getByRole('textbox', { name: /with each of them/u }).fill('Enough');
  await paused.getByRole('button', { name: 'Deny all' }).last().click();
  await eventually(() => talk(page).textContent()).toContain('Not then.');

  stage.script.push({ kind: 'calls', calls: [file('Five')] });
  await send(page, 'One more');
  await paused.waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await eventually(() => page.getByRole('status').allTextContents()).toContain('You stopped this answer');
  await eventually(() => talk(page).getByRole('note').last().textContent()).toContain('was stopped before');
  expect(await texts()).toEqual(['One', 'Two']);
});

test('proposals wait in the talk and in the tray over a restart, and are decided by keyboard one after the other', async () => {
  const stage = await setStage({ blocks: [{ label: 'human', value: VALUE, review: true }] });
  const { page, agent } = stage;
  const insert = (new_string: string) => ({
    name: 'memory_insert',
    arguments: { label: 'human', new_string },
  });
  stage.script.push(
    {
      kind: 'calls',
      text: 'Worth keeping.',
      calls: [insert('Has a cat.'), insert('Has a dog.'), replace('tea', 'milk'), replace('tea', 'coffee')],
    },
    { kind: 'text', text: 'I proposed all of it.' },
  );
  await send(page, 'A cat, a dog, milk, and coffee');
  await eventually(() => talk(page).textContent()).toContain('I proposed all of it.');
  const chips = talk(page).getByRole('group', { name: 'Proposed change human' });
  expect(await chips.count()).toBe(4);
  await chips.last().getByRole('button', { name: 'Accept' }).click();
  await eventually(stage.human).toBe('Mara lives in Leeds.\nLikes coffee.');
  await talk(page).getByRole('group', { name: 'Memory change human' }).waitFor();

  await stage.restart();
  await page.keyboard.press('Control+Shift+Y');
  const rows = page.getByRole('region', { name: `To review from ${agent.name}` }).getByRole('listitem');
  await eventually(() => rows.count()).toBe(3);
  expect(await accessFaultsIn(page, THEMES, 'review')).toEqual([]);
  const detail = page.getByRole('region', { name: 'What waits' });
  await rows.first().getByRole('button').click();
  await eventually(() => detail.textContent()).toContain('A cat, a dog, milk, and coffee');
  expect(await detail.getByRole('group', { name: 'Words changed in human' }).textContent()).toContain(
    'Has a cat.',
  );

  // A edits, R rejects, E edits: each goes on to the next row, which has the focus.
  await page.keyboard.press('e');
  await page.keyboard.press('Escape');
  await eventually(() => rowInFocus(page)).toContain('Has a cat.');
  await page.keyboard.press('e');
  await page.getByRole('textbox', { name: 'Text of human to accept' }).fill(`${VALUE}\nHas a cat, Figo.`);
  await page.keyboard.press('Control+Enter');
  await eventually(() => rows.count()).toBe(2);
  await eventually(stage.human).toBe('Mara lives in Leeds.\nLikes coffee.\nHas a cat, Figo.');
  await eventually(() => rowInFocus(page)).toContain('Has a dog.');
  await page.keyboard.press('r');
  await page.getByRole('textbox', { name: /Why not/u }).fill('I have none');
  await page.keyboard.press('Control+Enter');
  await eventually(() => rows.count()).toBe(1);

  await eventually(() => rowInFocus(page)).toContain('Likes milk.');

  // The same lines changed meanwhile: both texts, and a merge for the person to sort out.
  await page.keyboard.press('a');
  const conflict = detail.getByRole('alert');
  await eventually(() => conflict.textContent()).toContain('Nothing was lost: both texts are here');
  expect(await accessFaultsIn(page, THEMES, 'conflict')).toEqual([]);
  await conflict.getByRole('button', { name: 'Merge' }).click();
  const box = page.getByRole('textbox', { name: 'Text of human to accept' });
  expect((await box.inputValue()).split('\n')).toEqual(
    expect.arrayContaining(['Likes coffee.', 'Likes milk.']),
  );
  await box.fill('Mara lives in Leeds.\nLikes coffee with milk.\nHas a cat, Figo.');
  await page.getByRole('button', { name: 'Accept this text' }).click();
  await page.getByText('Nothing waits for you').waitFor();
  expect(await stage.human()).toBe('Mara lives in Leeds.\nLikes coffee with milk.\nHas a cat, Figo.');
  await page.getByRole('button', { name: 'Decided' }).click();
  await eventually(() => rows.count()).toBe(4);

  stage.script.push({ kind: 'text', text: 'I see.' });
  await page.getByRole('link', { name: 'Chat' }).click();
  await send(page, 'What did I say?');
  await eventually(() => talk(page).textContent()).toContain('I see.');
  const told = stage.model.requests
    .at(-1)
    ?.messages.map(({ content }) => content)
    .join('\n');
  expect(told).toContain('Their words: I have none');
});

test('a run that goes on in the background is rejoined after a reload, with its words so far and those to come', async () => {
  const stage = await setStage({});
  const { page, agent } = stage;
  const { promise, resolve } = Promise.withResolvers<void>();
  stage.script.push({
    kind: 'chunks',
    chunks: [{ text: 'The first half' }, { text: ' and the second.', after: promise }],
  });
  await send(page, 'Tell me');
  await eventually(() => talk(page).textContent()).toContain('The first half');
  await page.reload();
  await eventually(() => talk(page).textContent()).toContain('The first half');
  await page.getByRole('button', { name: 'Stop', exact: true }).waitFor();
  resolve();
  const answer = talk(page).getByRole('article', { name: agent.name, exact: true }).last();
  await eventually(() => answer.textContent()).toContain('The first half and the second.');
  expect((await answer.textContent())?.match(/The first half/gu)).toHaveLength(1);
});

test('what an agent may do by itself is set in its settings and for each block', async () => {
  const stage = await setStage({});
  const { page, agent } = stage;
  await page.getByRole('link', { name: 'Settings' }).click();
  const policy = page.getByRole('group', { name: 'When memory_replace is called' });
  await policy.getByRole('button', { name: 'Ask first' }).click();
  await page.getByRole('button', { name: 'Save Tools' }).click();
  await page.getByRole('checkbox', { name: 'Review what it files in the archive' }).check();
  await page.getByRole('button', { name: 'Save Review' }).click();
  await page.getByRole('combobox', { name: 'Time to answer' }).selectOption('24');
  await eventually(async () => (await stage.ask('agents.get', { agent_id: agent.id })).metadata).toEqual({
    review_archive: true,
  });
  expect((await stage.ask('agents.get', { agent_id: agent.id })).tool_policies).toEqual({
    memory_replace: 'ask',
  });
  await eventually(async () => (await stage.ask('settings.get', {})).approval_hours).toBe(24);

  await page.getByRole('link', { name: 'Chat' }).click();
  await page.getByRole('button', { name: 'More for human' }).click();
  await page.getByRole('menuitem', { name: 'Settings' }).click();
  await page
    .getByRole('group', { name: 'Edits by the agent' })
    .getByRole('button', { name: 'Review' })
    .click();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const card = page.getByRole('region', { name: 'Block human' });
  await card.getByTitle('Edits of the agent wait for you.').waitFor();

  stage.script.push(
    { kind: 'calls', calls: [file('One'), file('Two')] },
    { kind: 'text', text: 'Proposed.' },
  );
  await send(page, 'Keep both');
  await eventually(() => talk(page).textContent()).toContain('Proposed.');
  await page.getByRole('link', { name: 'Review, 2 wait' }).click();
  await page.getByRole('button', { name: `Accept 2 changes of ${agent.name}` }).click();
  await page.getByText('Nothing waits for you').waitFor();
  const { passages } = await stage.ask('archive.list', { agent_id: agent.id });
  expect(passages.map(({ text }) => text).toSorted()).toEqual(['One', 'Two']);
});

function callCard(page: Page, name: string): Locator {
  return talk(page).getByRole('group', { name: `Tool call ${name}`, exact: true });
}

/** The words of the row that has the focus. */
function rowInFocus(page: Page): Promise<string> {
  return page.evaluate<string>(`document.querySelector('[data-item]:focus')?.textContent ?? ''`);
}

type Stage = {
  readonly page: Page;
  readonly agent: Agent;
  readonly conversation_id: string;
  /** What the model answers next. */
  readonly script: ScriptedAnswer[];
  readonly model: ScriptedModel;
  /** Kills the server and starts it again on its data. */
  readonly restart: () => Promise<void>;
  readonly ask: <Name extends Parameters<typeof call>[1]>(
    name: Name,
    input: Parameters<typeof call<Name>>[2],
  ) => ReturnType<typeof call<Name>>;
  /** The text of the block. */
  readonly human: () => Promise<string | undefined>;
};

/** A server of its own with one agent, and its window, which keeps its address when the server is restarted. */
async function setStage(fields: Parameters<typeof call<'agents.create'>>[2]): Promise<Stage> {
  const script: ScriptedAnswer[] = [];
  const model = await startScriptedModel(() => script.shift() ?? { kind: 'text', text: 'Nothing left.' });
  onTestFinished(() => model.close());
  const dataDir = tempDir();
  const env = { OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: model.base_url };
  let server: ServerProcess = await spawnServer(dataDir, env);
  onTestFinished(() => server.kill());
  const relay: Relay = await openRelay(server.url);
  const ask: Stage['ask'] = (name, input) => call(server.url, name, input);
  const agent = await ask('agents.create', {
    name: `Agent ${crypto.randomUUID().slice(0, 8)}`,
    model: 'openai/gpt-4o-mini',
    blocks: [{ label: 'human', value: VALUE }],
    ...fields,
  });
  const { conversations } = await ask('conversations.list', { agent_id: agent.id });
  const page = await openAde(relay.url, { browser, agent_id: agent.id, may_lose_backend: true });
  return {
    page,
    agent,
    conversation_id: conversations[0]?.id ?? '',
    script,
    model,
    ask,
    restart: async () => {
      await server.kill();
      server = await spawnServer(dataDir, env);
      relay.lead(server.url);
    },
    human: async () => (await ask('blocks.list', { agent_id: agent.id })).blocks[0]?.value,
  };
}
