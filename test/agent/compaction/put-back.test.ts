import { describe, expect, test } from 'vitest';
import { addOutside, ask, setTalk, windowOfTalk } from './talk.ts';
import { words } from './window-items.ts';

const sumUp = () => ({ kind: 'text', text: 'They spoke.' }) as const;

describe('a talk that never was fitted to a window', () => {
  test('has its newest turns put back, whole, up to the target of the window', async () => {
    const stage = await setTalk(sumUp, { context_window_limit: 8192 });
    for (let turn = 1; turn <= 40; turn += 1) {
      await addOutside(stage, 'user', `Turn ${turn}: ${words(400, turn)}`);
      await addOutside(stage, 'assistant', words(400, turn));
    }
    await ask(stage, 'Do you remember?');
    const [request] = stage.model.requests;
    const said = request!.messages.filter(({ content }) => content?.startsWith('Turn '));
    expect(said.length).toBeGreaterThan(5);
    expect(said.length).toBeLessThan(40);
    expect(said.at(-1)?.content).toContain('Turn 40: ');
    expect(request!.messages[1]?.role).toBe('user');
    const { used, target } = await stage.runtime.windows.overview({ agent_id: stage.agent.id });
    expect(used).toBeLessThanOrEqual(target + 120);
    const changed = stage.events.filter(({ type }) => type === 'window.changed');
    expect(changed).toHaveLength(1);
  });

  test('comes back whole when it fits, and only once: the next request begins with the same bytes', async () => {
    const stage = await setTalk(sumUp, { context_window_limit: 32_768 });
    for (let turn = 1; turn <= 5; turn += 1) await addOutside(stage, 'user', words(300, turn));
    await ask(stage, 'First.');
    await ask(stage, 'Second.');
    const [first, second] = stage.model.requests;
    expect(first?.messages).toHaveLength(7);
    expect(second?.messages.slice(0, 7)).toEqual(first?.messages);
    expect(await windowOfTalk(stage)).toHaveLength(9);
  });

  test('gets nothing back where the prompt itself leaves no room', async () => {
    const stage = await setTalk(sumUp, { system: words(20_000) });
    await addOutside(stage, 'user', words(300));
    expect(await ask(stage, 'Hi')).toMatchObject({ state: 'failed', error: { code: 'model_overflow' } });
    expect(await windowOfTalk(stage)).toHaveLength(1);
  });
});
