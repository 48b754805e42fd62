import { expect, onTestFinished, test } from 'vitest';
import { eventually, lastAnswer, openAde, send, talk } from '../helpers/ade.ts';
import { openRelay } from '../helpers/relay.ts';
import { type ScriptedAnswer, startScriptedModel } from '../helpers/scripted-openai.ts';
import { spawnServer } from '../helpers/server-process.ts';
import { tempDir } from '../helpers/temp-dir.ts';

test('a backend killed in the middle of an answer is missed, comes back by itself, and the answer can be resumed', async () => {
  const script: ScriptedAnswer[] = [{ kind: 'hang', first: 'Half of the answer' }];
  const model = await startScriptedModel(
    () => script.shift() ?? { kind: 'text', text: 'And the other half.' },
  );
  onTestFinished(() => model.close());
  const env = {
    OPENAI_API_KEY: 'sk-test',
    OPENAI_BASE_URL: model.base_url,
    MEMOIR_DEFAULT_MODEL: 'openai/gpt-4o-mini',
  };
  const dataDir = tempDir();
  const first = await spawnServer(dataDir, env);
  onTestFinished(() => first.kill());
  const relay = await openRelay(first.url);
  const page = await openAde(relay.url, { may_lose_backend: true });
  await send(page, 'Tell me all of it');
  await eventually(() => talk(page).textContent()).toContain('Half of the answer');

  await first.kill();
  const lost = page.getByRole('status').filter({ hasText: 'Memoir does not answer' });
  await eventually(() => lost.count()).toBe(1);
  await eventually(() => page.getByRole('status', { name: 'Model' }).textContent()).toBe('Reconnecting');
  expect(await talk(page).textContent()).toContain('Tell me all of it');
  expect(await page.getByText('Memoir does not answer').count()).toBe(1);
  await send(page, 'Are you there?');
  await eventually(() => page.getByRole('alert').textContent()).toContain('Your text is still here.');
  expect(await page.getByRole('textbox', { name: 'Message', exact: true }).inputValue()).toBe(
    'Are you there?',
  );

  const second = await spawnServer(dataDir, env);
  onTestFinished(() => second.kill());
  relay.lead(second.url);
  await eventually(() => lost.count()).toBe(0);
  const row = page.getByRole('status').filter({ hasText: 'The answer was interrupted' });
  await eventually(() => row.textContent()).toContain('What was saved is kept');
  await row.getByRole('button', { name: 'Resume' }).click();
  await eventually(() => lastAnswer(page).textContent()).toContain('And the other half.');
  await eventually(() => row.count()).toBe(0);
  expect(await talk(page).getByRole('article', { name: 'You' }).allTextContents()).toEqual([
    'Tell me all of it',
  ]);
});
