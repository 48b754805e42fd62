/** The Doctor on screen: damage planted in the store is found, mended at a click, and the agent goes on. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteHandle from 'better-sqlite3';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, openAde, send, talk } from '../helpers/ade.ts';
import { sharedChromium } from '../helpers/chromium.ts';
import { type ServerProcess, spawnServer } from '../helpers/server-process.ts';
import { raisePatient, type Patient } from '../doctor/patient.ts';
import { accessFaultsIn, THEMES } from './access-look.ts';

let patient: Patient;
let server: ServerProcess;
let browser: Browser;
beforeAll(async () => {
  patient = await raisePatient(mkdtempSync(join(tmpdir(), 'memoir-test-')));
  const env = { OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: patient.model.base_url };
  [server, browser] = await Promise.all([spawnServer(patient.folder, env), sharedChromium()]);
});
afterAll(async () => {
  await server.kill();
  await patient.model.close();
  rmSync(patient.folder, { recursive: true, force: true, maxRetries: 5 });
});

test('a sound store is said to be sound; what is found is repaired at a click, said, and the agent answers', async () => {
  const page = await openAde(server.url, { browser, agent_id: patient.agent_id });
  await page.goto(`${server.url}/ade/#/settings`);
  await section(page).getByRole('button', { name: 'Look now' }).click();
  await eventually(() => section(page).getByRole('status').textContent()).toMatch(
    /^Everything is sound\. Looked at \d+ messages, 3 blocks and 1 archive entry,/,
  );

  plant(patient);
  await section(page).getByRole('button', { name: 'Look again' }).click();
  const findings = section(page).getByRole('list', { name: 'What was found' });
  const row = findings.getByRole('listitem', { name: 'A block and its versions differ' });
  await eventually(() => row.textContent()).toMatch(
    /Kit.*Damage.*The block "human" is not what its newest version says\..*A repair: It says what/,
  );
  expect(await findings.getByRole('heading').allTextContents()).toEqual([
    'The window lacks a message',
    'A block and its versions differ',
    'A block is over its limit',
  ]);
  expect(await accessFaultsIn(page, THEMES, 'doctor, findings')).toEqual([]);

  await section(page).getByRole('button', { name: 'Repair 2 findings' }).press('Enter');
  const mended = section(page).getByRole('list', { name: 'What was repaired' });
  await eventually(() => mended.textContent()).toContain(
    'Kit: The block "human" says what its newest version says',
  );
  expect(await section(page).getByRole('status').textContent()).toMatch(
    /^1 thing is left that no repair can mend\./,
  );
  expect(await section(page).textContent()).toContain(join(patient.folder, 'backups'));
  expect(
    await section(page)
      .getByRole('button', { name: /^Repair/ })
      .count(),
  ).toBe(0);
  expect(await accessFaultsIn(page, THEMES, 'doctor, repaired')).toEqual([]);

  await page.getByRole('link', { name: 'Chat' }).click();
  await send(page, 'Are you there?');
  await eventually(() => talk(page).textContent()).toContain('Here I am.');
});

function plant({ folder, agent_id, conversation_id }: Patient): void {
  const store = new SqliteHandle(join(folder, 'memoir.db'));
  const block = '(select block_id from agent_block where agent_id = ?)';
  store.prepare(`update block set value = 'Overwritten', char_limit = 5 where id in ${block}`).run(agent_id);
  store
    .prepare("insert into window_entry values (?, 900, 'message', 'message-gone', null)")
    .run(conversation_id);
  store.close();
}

function section(page: Page): ReturnType<Page['getByRole']> {
  return page.getByRole('region', { name: 'Doctor' });
}
