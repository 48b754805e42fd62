import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { block, eventually, openAde, say, shareAde, talk } from '../helpers/ade.ts';
import { call } from '../helpers/call.ts';

const shared = shareAde();

test('Why names the message and the step of a memory change, and its links go there', async () => {
  const { url, browser } = shared();
  const page = await openAde(url, { browser });
  await say(page, 'My name is Kit');
  const agent = (await call(url, 'agents.list', {})).agents[0];
  const { conversations } = await call(url, 'conversations.list', { agent_id: agent?.id ?? '' });
  const talked = conversations[0]?.id ?? '';
  for (let at = 0; at < 30; at += 1) {
    await call(url, 'messages.send', { conversation_id: talked, text: `Filler ${at}`, otid: `filler-${at}` });
  }
  await eventually(async () => (await call(url, 'runs.current', { conversation_id: talked })).queue).toEqual(
    [],
  );
  await page.reload();
  await eventually(() => talk(page).textContent()).toContain('Filler 29');
  expect(await talk(page).textContent()).not.toContain('My name is Kit');

  const feed = page.getByRole('list', { name: 'Recent changes' });
  await feed.getByRole('link', { name: 'human' }).click();
  const said = talk(page).getByRole('article', { name: 'You' }).filter({ hasText: 'My name is Kit' });
  await eventually(() => said.count()).toBe(1);
  await eventually(() => isInView(said)).toBe(true);

  const chip = talk(page).getByRole('group', { name: 'Memory change human' });
  await chip.getByRole('button', { name: 'Why' }).click();
  expect(await chip.textContent()).toMatch(/Step \d/);
  await chip.getByRole('link', { name: /^Step/ }).click();
  const step = talk(page).getByRole('group', { name: /^Tool call (?:core_)?memory/ });
  await eventually(() => isInView(step.first())).toBe(true);
  expect(await block(page, 'human').textContent()).toContain('Kit');
});

test('an Undo of words that were edited since shows both texts, and Overwrite brings the old ones back', async () => {
  const { page, chip, agent_id, before } = await openConflict();
  expect(await chip.getByRole('alert').textContent()).toContain('Overwrite would remove 1 later line');
  expect(await chip.getByRole('group', { name: 'Words changed in human' }).count()).toBe(1);
  await chip.getByRole('button', { name: 'Overwrite' }).click();
  await eventually(() => humanOf(agent_id)).toBe(before);
  await eventually(() => chip.textContent()).toContain('Undone by you');
  expect(await chip.getByRole('alert').count()).toBe(0);

  await chip.getByRole('button', { name: 'Redo' }).click();
  await eventually(() => humanOf(agent_id)).toContain('Kit');
  await eventually(() => chip.getByRole('button', { name: 'Undo' }).count()).toBe(1);
  await eventually(() => block(page, 'human').textContent()).toContain('Kit');
});

test('Merge puts both texts into one for the person to sort out', async () => {
  const { page, chip, agent_id } = await openConflict({ corrected: 'Actually, call me Kim' });
  await chip.getByRole('button', { name: 'Merge' }).click();
  const box = page.getByRole('textbox', { name: 'Merged text of human' });
  expect(await box.inputValue()).toContain('Kestrel');
  await box.fill(`${await box.inputValue()}\nSorted out.`);
  await chip.getByRole('button', { name: 'Save' }).click();
  await eventually(() => humanOf(agent_id)).toContain('Sorted out.');
  expect(await humanOf(agent_id)).toContain('Kestrel');
  await eventually(() => chip.getByRole('alert').count()).toBe(0);
});

test('Keep as it is leaves the newer words and takes the question away', async () => {
  const { chip, agent_id } = await openConflict();
  const edited = await humanOf(agent_id);
  await chip.getByRole('button', { name: 'Keep as it is' }).click();
  await eventually(() => chip.getByRole('alert').count()).toBe(0);
  expect(await humanOf(agent_id)).toBe(edited);
  expect(await chip.getByRole('button', { name: 'Undo' }).count()).toBe(1);
});

test('an Undo that can only be kept or overwritten offers no Merge', async () => {
  const { chip, agent_id } = await openConflict({ later: 'Lives in Leeds\nDraws for a living' });
  const alert = chip.getByRole('alert');
  expect(await alert.textContent()).toContain(
    'Overwrite would remove 2 later lines, from “Lives in Leeds” on.',
  );
  expect(await chip.getByRole('button', { name: 'Merge' }).count()).toBe(0);
  expect(await humanOf(agent_id)).toContain('Lives in Leeds');
});

test('only the words of the newest answer are marked in a block, and not for longer than they are new', async () => {
  const { url, browser } = shared();
  const name = `Agent ${crypto.randomUUID().slice(0, 8)}`;
  const { id } = await call(url, 'agents.create', {
    name,
    blocks: [{ label: 'human' }, { label: 'persona' }],
  });
  const page = await openAde(url, { browser, agent_id: id });
  await page.clock.install();
  const marks = block(page, 'human').locator('mark');
  await say(page, 'My name is Kit', name);
  await eventually(() => marks.allTextContents()).toEqual(['Name: Kit']);
  await say(page, 'I like long train journeys', name);
  await eventually(() => marks.allTextContents()).toEqual(['Likes long train journeys']);
  expect(await block(page, 'human').textContent()).toContain('Kit');
  await page.clock.fastForward(8000);
  await eventually(() => marks.count()).toBe(0);
});

async function isInView(found: Locator): Promise<boolean> {
  const box = await found.boundingBox();
  return box !== null && box.y >= 0 && box.y + box.height <= 900;
}

type Conflict = {
  readonly page: Page;
  readonly chip: Locator;
  readonly agent_id: string;
  /** The block before the agent wrote to it. */
  readonly before: string;
};

/** An agent wrote a line (and `corrected` it), a person edited it or wrote `later` in its place, and now the agent's change is to be undone. */
async function openConflict(
  options: { readonly later?: string; readonly corrected?: string } = {},
): Promise<Conflict> {
  const { url, browser } = shared();
  const name = `Agent ${crypto.randomUUID().slice(0, 8)}`;
  const { id } = await call(url, 'agents.create', {
    name,
    blocks: [{ label: 'human' }, { label: 'persona' }],
  });
  const before = await humanOf(id);
  const page = await openAde(url, { browser, agent_id: id });
  await say(page, 'My name is Kit', name);
  if (options.corrected !== undefined) await say(page, options.corrected, name);
  const { blocks } = await call(url, 'blocks.list', { agent_id: id });
  const human = blocks.find((each) => each.label === 'human');
  if (human === undefined) throw new Error('The agent has no block human.');
  const value = options.later ?? human.value.replaceAll(/Kit|Kim/gu, 'Kestrel');
  await call(url, 'blocks.update', { block_id: human.id, base_version: human.version, value });
  await eventually(() => block(page, 'human').textContent()).toContain(value.split('\n')[0]);

  const chip = talk(page).getByRole('group', { name: 'Memory change human' }).last();
  await chip.getByRole('button', { name: 'Undo' }).click();
  await eventually(() => chip.getByRole('alert').textContent()).toContain('human changed since');
  expect(await chip.getByRole('alert').textContent()).toContain(value.split('\n')[0]);
  return { page, chip, agent_id: id, before };
}

async function humanOf(agent_id: string): Promise<string> {
  const { blocks } = await call(shared().url, 'blocks.list', { agent_id });
  return blocks.find((each) => each.label === 'human')?.value ?? '';
}
