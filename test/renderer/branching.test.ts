import { expect, test } from 'vitest';
import { createBranchingStore } from '../../renderer/state/branching.ts';
import type { Client } from '../../shared/client.ts';
import type { Message } from '../../shared/contract/conversations.ts';
import { AppError } from '../../shared/errors.ts';

/** A store over a backend of which the test says what it answers, and what it was asked. */
function stage(answers: Readonly<Record<string, () => Promise<unknown>>>) {
  const asked: unknown[] = [];
  const call = (name: string, input: unknown): Promise<unknown> => {
    asked.push([name, input]);
    return answers[name]?.() ?? Promise.reject(new Error(name));
  };
  let count = 0;
  const client = { call, subscribe: () => () => undefined } as unknown as Client;
  const store = createBranchingStore(client, () => `otid-${(count += 1)}`);
  const start = {
    kind: 'edit',
    conversation_id: 'conv-1',
    message: { id: 'message-1', seq: 3 } as Message,
    turn_id: 'message-1',
  } as const;
  return { store, asked, begin: () => store.getState().begin(start) };
}

test('a branch that was refused says why, keeps the choice, and is the same one when it is sent again', async () => {
  const busy = new AppError('busy', 'The agent is still at work here.');
  const outcomes = [() => Promise.reject(busy), () => Promise.resolve({ reverted: [] })];
  const { store, asked, begin } = stage({
    'messages.effects': () => Promise.resolve({ effects: [] }),
    'conversations.branch': () => outcomes.shift()!(),
  });
  await begin();
  store.getState().setRevert(true);
  expect(await store.getState().send('other words')).toBeNull();
  expect(store.getState().task).toMatchObject({ sending: false, revert: true, error: { code: 'busy' } });
  expect(await store.getState().send('other words')).toEqual({ reverted: [] });
  expect(store.getState().task).toBeNull();
  const input = {
    conversation_id: 'conv-1',
    message_id: 'message-1',
    otid: 'otid-1',
    revert_memory: true,
    text: 'other words',
  };
  expect(asked).toEqual([
    ['messages.effects', { conversation_id: 'conv-1', from_seq: 3 }],
    ['conversations.branch', input],
    ['conversations.branch', input],
  ]);
});

test('what comes for a question that was given up meanwhile is not shown in the next one', async () => {
  const first = Promise.withResolvers<unknown>();
  const lists = [first.promise, Promise.resolve({ effects: [] })];
  const { store, begin } = stage({ 'messages.effects': () => lists.shift()! });
  const given_up = begin();
  store.getState().cancel();
  await begin();
  first.resolve({ effects: ['of the first'] });
  await given_up;
  expect(store.getState().task).toMatchObject({ otid: 'otid-2', effects: [] });
});
