import { describe, expect, test } from 'vitest';
import { createProvidersStore } from '../../renderer/state/providers.ts';
import { createStores } from '../../renderer/state/stores.ts';
import { applyEvent } from '../../renderer/state/sync.ts';
import type { Client } from '../../shared/client.ts';
import { AppError } from '../../shared/errors.ts';

type Answer = { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void };

/** A client whose answers wait until the test gives them. */
function waitingClient(): {
  readonly client: Client;
  readonly asked: { readonly name: string; readonly input: unknown }[];
  readonly answers: Answer[];
} {
  const asked: { name: string; input: unknown }[] = [];
  const answers: Answer[] = [];
  const client: Client = {
    call: (name, input) => {
      asked.push({ name, input });
      return new Promise((resolve, reject) => answers.push({ resolve: resolve as never, reject }));
    },
    subscribe: () => () => undefined,
  };
  return { client, asked, answers };
}

const SERVER = {
  provider: 'ollama',
  label: 'Ollama',
  base_url: 'http://127.0.0.1:11434/v1',
  connected: false,
  models: [],
  problem: null,
};

describe('looking for servers', () => {
  test('begins with the card and ends with it: an answer that comes later is dropped', async () => {
    const { client, asked, answers } = waitingClient();
    const store = createProvidersStore(client);
    expect(asked).toEqual([]);
    store.getState().openCard('openai');
    expect(store.getState().card).toEqual({ open: true, provider: 'openai' });
    expect(asked.map(({ name }) => name)).toEqual(['providers.discover']);
    store.getState().closeCard();
    answers[0]?.resolve({ servers: [SERVER] });
    await Promise.resolve();
    expect(store.getState()).toMatchObject({ card: { open: false }, search: { kind: 'idle' } });
  });

  test('shows what was found before while it looks again, and says why it failed', async () => {
    const { client, answers } = waitingClient();
    const store = createProvidersStore(client);
    const first = store.getState().look();
    answers[0]?.resolve({ servers: [SERVER] });
    await first;
    const second = store.getState().look();
    expect(store.getState().search).toEqual({ kind: 'looking', servers: [SERVER] });
    answers[1]?.reject(new AppError('internal', 'Memoir does not answer.'));
    await second;
    expect(store.getState().search).toMatchObject({ kind: 'failed', error: { code: 'internal' } });
  });
});

describe('asking a provider or a model', () => {
  test('can be given up, and what was asked last counts', async () => {
    const { client, answers } = waitingClient();
    const store = createProvidersStore(client);
    const first = store.getState().read('groq');
    store.getState().stopReading('groq');
    answers[0]?.resolve({ models: [], listed_at: '' });
    await first;
    expect(store.getState().readings).toEqual({});

    const second = store.getState().read('groq');
    answers[1]?.reject(new AppError('model_auth', 'It refused the key.'));
    await second;
    expect(store.getState().readings['groq']).toMatchObject({
      kind: 'failed',
      error: { code: 'model_auth' },
    });

    const asking = store.getState().check('groq/a');
    expect(store.getState().checks).toEqual({ 'groq/a': { kind: 'asking' } });
    answers[2]?.resolve({ memory_tools: 'no_tool_call', message: 'It may forget.' });
    await asking;
    expect(store.getState().checks).toEqual({
      'groq/a': { kind: 'told', tools: 'no_tool_call', message: 'It may forget.' },
    });
  });

  test('leaves nothing of a key in the state of the window', async () => {
    const { client, answers } = waitingClient();
    const store = createProvidersStore(client);
    const connecting = store.getState().connect({ provider: 'openai', api_key: 'sk-canary-1' });
    answers[0]?.resolve({ id: 'openai', connected: true, last4: 'ry-1' });
    await connecting;
    expect(JSON.stringify(store.getState())).not.toContain('sk-canary');
  });
});

test('a change of models is read again, together with how things stand with the providers', () => {
  const { client, asked } = waitingClient();
  const root = { dataset: {} } as HTMLElement;
  const host = { storage: null, session: null, root, systemLanguages: ['en'], askedLanguage: null };
  const stores = createStores(client, host);
  applyEvent(stores, { type: 'models.changed' });
  expect(asked.map(({ name }) => name)).toEqual(['models.list', 'providers.list']);
});
