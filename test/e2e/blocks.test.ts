import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Block } from '../../shared/contract/blocks.ts';
import { block, choose, eventually, openAde, say, shareAde } from '../helpers/ade.ts';
import { call } from '../helpers/call.ts';

const shared = shareAde();

test('a block can be made, its limit changed, and a text over the limit is refused with the numbers', async () => {
  const { page, agent_id } = await openAgent();
  await page.getByRole('button', { name: 'Add a block' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a block' });
  await dialog.getByRole('textbox', { name: 'Label' }).fill('plan');
  await dialog.getByRole('textbox', { name: 'Text' }).fill('Move to Lisbon');
  await dialog.getByRole('button', { name: 'Add a block' }).click();
  await eventually(() => block(page, 'plan').textContent()).toContain('Move to Lisbon');

  await choose(page, 'plan', 'Settings');
  const settings = page.getByRole('dialog', { name: 'Settings of plan' });
  await settings.getByLabel('Limit in characters').fill('5');
  await settings.getByRole('button', { name: 'Save' }).click();
  await eventually(() => settings.getByRole('alert').textContent()).toContain('holds 14 characters');
  await settings.getByLabel('Limit in characters').fill('20');
  await settings.getByRole('button', { name: 'Save' }).click();
  await eventually(async () => (await blockOf(agent_id, 'plan'))?.limit).toBe(20);

  await block(page, 'plan').getByRole('button', { name: 'Edit plan' }).click();
  await page.getByRole('textbox', { name: 'Value of plan' }).fill('Move to Lisbon next spring');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await eventually(() => block(page, 'plan').getByRole('alert').textContent()).toBe(
    'Too long by 6: 26 of 20 characters. Shorten it or raise the limit.',
  );
  const refusal = block(page, 'plan').getByRole('alert');
  expect(await refusal.locator('svg').count()).toBe(1);
  expect(await colourOf(refusal)).toBe(await tokenOf(page, '--danger'));
  expect((await blockOf(agent_id, 'plan'))?.value).toBe('Move to Lisbon');
  expect(await page.getByRole('textbox', { name: 'Value of plan' }).inputValue()).toContain('next spring');
});

test('an agent can not write to a block that was made read-only, and can again when it is released', async () => {
  const { page, name, agent_id } = await openAgent();
  await choose(page, 'human', 'Make it read-only');
  await eventually(() => block(page, 'human').getByText('Read-only').count()).toBe(1);
  await say(page, 'My name is Kit', name);
  expect((await blockOf(agent_id, 'human'))?.value).not.toContain('Kit');

  await choose(page, 'human', 'Let the agent change it');
  await eventually(() => block(page, 'human').getByText('Read-only').count()).toBe(0);
  await say(page, 'My name is Kit', name);
  await eventually(async () => (await blockOf(agent_id, 'human'))?.value).toContain('Kit');
});

test('a detached block and a deleted block go at once and come back with Undo', async () => {
  const { page, agent_id } = await openAgent();
  const undo = page.getByRole('status').getByRole('button', { name: 'Undo' });
  for (const [line, words] of [
    ['Detach from this agent', 'human was detached'],
    ['Delete', 'human was moved to the trash'],
  ] as const) {
    await choose(page, 'human', line);
    await eventually(() => block(page, 'human').count()).toBe(0);
    expect(await page.getByRole('dialog').count()).toBe(0);
    await eventually(() => page.getByRole('status').filter({ hasText: words }).count()).toBe(1);
    expect(await blockOf(agent_id, 'human')).toBeUndefined();
    await undo.click();
    await eventually(() => block(page, 'human').count()).toBe(1);
    expect((await blockOf(agent_id, 'human'))?.value).toBe('Likes tea');
  }
});

test('a block of another agent can be attached; both see it, and what one changes the other has', async () => {
  const other = await openAgent();
  await call(shared().url, 'blocks.create', {
    agent_id: other.agent_id,
    label: 'household',
    value: 'Two cats',
  });
  const { page, agent_id } = await openAgent();
  await page.getByRole('button', { name: 'Add a block' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a block' });
  await dialog.getByRole('button', { name: 'One that is there' }).click();
  const choices = dialog.getByRole('list', { name: 'Blocks to attach' });
  const choice = choices.getByRole('button').filter({ hasText: 'household' });
  await eventually(() => choice.textContent()).toContain(`Used by ${other.name}.`);
  expect(await choices.getByRole('button').filter({ hasText: 'human' }).first().isDisabled()).toBe(true);
  await choice.click();

  await eventually(() => block(page, 'household').textContent()).toContain('Two cats');
  const household = await blockOf(agent_id, 'household');
  expect(household?.agent_ids.toSorted()).toEqual([agent_id, other.agent_id].toSorted());
  await eventually(() => block(other.page, 'household').getByTitle('Shared with 1 agent').count()).toBe(1);
  await block(page, 'household').getByRole('button', { name: 'Edit household' }).click();
  await page.getByRole('textbox', { name: 'Value of household' }).fill('Two cats and a dog');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await eventually(() => block(other.page, 'household').textContent()).toContain('and a dog');
});

test('the counter of a block counts up to its new length once, and jumps where motion is reduced', async () => {
  const { page, agent_id } = await openAgent();
  const human = await blockOf(agent_id, 'human');
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await page.evaluate(WATCH_COUNTER);
  await call(shared().url, 'blocks.update', { block_id: human?.id ?? '', value: 'x'.repeat(900) });
  const counts = (): Promise<number[]> => page.evaluate<number[]>('counts');
  await eventually(async () => (await counts()).at(-1)).toBe(900);
  const seen = await counts();
  expect(seen.length).toBeGreaterThan(2);
  expect(seen).toEqual(seen.toSorted((left, right) => left - right));

  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.evaluate('counts.length = 0');
  await call(shared().url, 'blocks.update', { block_id: human?.id ?? '', value: 'short' });
  await eventually(counts).toEqual([5]);
});

test('the history stands beside a talk that goes on, says who did what, and brings a version back', async () => {
  const { page, name, agent_id } = await openAgent();
  await say(page, 'My name is Kit', name);
  await page.setViewportSize({ width: 1000, height: 700 });
  await block(page, 'human').getByRole('button', { name: 'History' }).click();
  const drawer = page.getByRole('dialog', { name: 'History of human' });
  const rows = drawer.getByRole('list', { name: 'Versions' }).getByRole('listitem');
  await eventually(() => rows.count()).toBe(2);
  expect(await rows.first().textContent()).toMatch(new RegExp(`${name} added.*now.*Name: Kit`, 'u'));
  expect(await rows.last().textContent()).toMatch(/You created.*Likes tea/u);
  expect(await page.locator('.overlay').count()).toBe(0);
  const [box, composer] = [await drawer.boundingBox(), await page.locator('.comp').boundingBox()];
  expect((composer?.x ?? 0) + (composer?.width ?? 0)).toBeLessThan(box?.x ?? 0);

  await say(page, 'I like long train journeys', name);
  await eventually(() => rows.count()).toBe(3);
  expect(await drawer.getByRole('button', { name: 'Restore this version' }).isDisabled()).toBe(true);
  await rows.last().getByRole('button').click();
  expect(await drawer.getByRole('group', { name: 'What version 1 changed' }).textContent()).toContain(
    'Likes tea',
  );
  await drawer.getByRole('button', { name: 'Restore this version' }).click();
  await eventually(async () => (await blockOf(agent_id, 'human'))?.value).toBe('Likes tea');
  await eventually(() => rows.first().textContent()).toMatch(/You restored/u);
});

test('where the pane lies over the page, so does the history', async () => {
  const { page } = await openAgent();
  await page.setViewportSize({ width: 800, height: 700 });
  await page.getByRole('button', { name: 'Show state' }).click();
  await block(page, 'human').getByRole('button', { name: 'History' }).click();
  await page.getByRole('dialog', { name: 'History of human' }).waitFor();
  expect(await page.locator('.overlay').count()).toBe(1);
});

/** The colour of a text, as the browser computes it. */
function colourOf(text: Locator): Promise<string | undefined> {
  return text.evaluate((element) => element.ownerDocument.defaultView?.getComputedStyle(element).color);
}

/** A colour of the design, as the browser computes it. */
function tokenOf(page: Page, token: string): Promise<string> {
  return page.evaluate<string>(`(() => {
    const probe = document.body.appendChild(document.createElement('i'));
    probe.style.color = 'var(${token})';
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  })()`);
}

const WATCH_COUNTER = `{
  const counter = document.querySelector('[aria-label="Block human"] [title*="of 5,000 characters"]');
  window.counts = [];
  new MutationObserver(() => {
    const now = Number(counter.textContent.split(' ')[0].replaceAll(',', ''));
    if (window.counts.at(-1) !== now) window.counts.push(now);
  }).observe(counter, { subtree: true, characterData: true, childList: true });
}`;

async function openAgent(): Promise<{ page: Page; name: string; agent_id: string }> {
  const { url, browser } = shared();
  const name = `Agent ${crypto.randomUUID().slice(0, 8)}`;
  const blocks = [{ label: 'human', value: 'Likes tea' }, { label: 'persona' }];
  const { id } = await call(url, 'agents.create', { name, blocks });
  const page = await openAde(url, { browser, agent_id: id });
  await eventually(() => block(page, 'human').count()).toBe(1);
  return { page, name, agent_id: id };
}

async function blockOf(agent_id: string, label: string): Promise<Block | undefined> {
  const { blocks } = await call(shared().url, 'blocks.list', { agent_id });
  return blocks.find((each) => each.label === label);
}
