import { describe, expect, test } from 'vitest';
import {
  findModels,
  isLoopback,
  placeOf,
  rowsOfKnown,
  rowsOfRemote,
  standingOf,
} from '../../renderer/state/providers-standing.ts';
import { emptyDraft, keepOf, readinessOf, typedOf } from '../../renderer/views/connect/connect-draft.ts';
import { stateOf } from '../../renderer/views/connect/provider-state.ts';
import type { Agent, ModelStatus } from '../../shared/contract/agents.ts';
import type { Provider } from '../../shared/contract/providers.ts';

const OPENAI: Provider = {
  id: 'openai',
  label: 'OpenAI',
  kind: 'cloud',
  connected: false,
  source: 'none',
  last4: '',
  locked: false,
  needs_key: true,
  key_env: 'OPENAI_API_KEY',
  base_url: 'https://api.openai.com/v1',
  is_own_url: true,
  docs_url: 'https://platform.openai.com/docs',
  keys_url: 'https://platform.openai.com/api-keys',
  listed_at: null,
  problem: null,
};
const KEPT: Provider = { ...OPENAI, connected: true, source: 'keyring', last4: 'WXYZ' };
const VLLM: Provider = {
  ...OPENAI,
  id: 'vllm',
  label: 'vLLM',
  kind: 'local',
  needs_key: false,
  key_env: 'VLLM_API_KEY',
  base_url: 'http://127.0.0.1:8000/v1',
};

function agentWith(status: Partial<ModelStatus>, model = 'openai/gpt-4o'): Agent {
  const model_status = { answering_with: model, badge: null, message: null, context_window: 8192, ...status };
  return { model, model_status } as Agent;
}

describe('how things stand with the model of an agent', () => {
  const demo = agentWith({ badge: 'offline_demo', message: 'By patterns.' }, 'memoir/offline');
  const cases: readonly [string, Agent, readonly Provider[], object][] = [
    ['the demo, with no provider', demo, [OPENAI], { kind: 'demo', alone: true }],
    ['the demo, beside a provider', demo, [KEPT], { kind: 'demo', alone: false }],
    ['all well', agentWith({}), [KEPT], { kind: 'well' }],
    [
      'a provider that is not connected',
      agentWith({ badge: 'provider_missing', message: 'Connect OpenAI.' }),
      [OPENAI],
      { kind: 'missing', provider: 'openai', message: 'Connect OpenAI.' },
    ],
    [
      'a key behind a passphrase',
      agentWith({}),
      [{ ...KEPT, locked: true, problem: 'Enter the passphrase.' }],
      { kind: 'locked', provider: 'openai', message: 'Enter the passphrase.' },
    ],
    [
      'a key that cannot be read',
      agentWith({}),
      [{ ...KEPT, problem: 'The keyring is gone.' }],
      { kind: 'key', provider: 'openai', message: 'The keyring is gone.' },
    ],
    [
      'a prompt that was cut',
      agentWith({ badge: 'prompt_cut', message: 'It holds 2,048.' }),
      [KEPT],
      { kind: 'cut', message: 'It holds 2,048.' },
    ],
    [
      'a model without memory tools',
      agentWith({ badge: 'no_memory_tools', message: 'It may forget.' }),
      [KEPT],
      { kind: 'tools', message: 'It may forget.' },
    ],
  ];
  test.each(cases)('is told for %s', (_what, agent, providers, standing) => {
    expect(standingOf(agent, providers)).toEqual(standing);
  });
});

describe('rows of models', () => {
  const remote = {
    handle: 'ollama/qwen3:8b',
    name: 'qwen3:8b',
    context_window: 4096,
    context_source: 'loaded',
    largest_window: 40_960,
    claims_tools: true,
  } as const;
  const known = {
    handle: 'ollama/qwen3:8b',
    name: 'qwen3:8b',
    provider: 'ollama',
    context_window: 4096,
    available: true,
    memory_tools: null,
  };

  test('say what a server holds and by whose word; what a check found goes before what it claims', () => {
    const row = { handle: remote.handle, name: remote.name, window: 4096, source: 'loaded', largest: 40_960 };
    expect(rowsOfRemote([remote], [known])).toEqual([{ ...row, tools: 'claimed' }]);
    expect(rowsOfRemote([remote], [{ ...known, memory_tools: 'refused' }])).toEqual([
      { ...row, tools: 'refused' },
    ]);
    expect(rowsOfRemote([{ ...remote, largest_window: 4096, claims_tools: false }], [])).toEqual([
      { ...row, largest: null, tools: 'disclaimed' },
    ]);
    const silent = { ...remote, context_window: null, context_source: null, claims_tools: null };
    expect(rowsOfRemote([silent], [])).toMatchObject([{ window: null, source: null, tools: 'unchecked' }]);
  });

  test('of remembered models are those of the provider alone', () => {
    const other = { ...known, handle: 'groq/a', provider: 'groq' };
    expect(rowsOfKnown([known, other], 'ollama').map(({ handle }) => handle)).toEqual(['ollama/qwen3:8b']);
  });

  test('are found by any words of their names', () => {
    const rows = rowsOfRemote([remote, { ...remote, name: 'Llama-3.3-70B' }], []);
    expect(findModels(rows, '70b llama').map(({ name }) => name)).toEqual(['Llama-3.3-70B']);
    expect(findModels(rows, ' ')).toHaveLength(2);
    expect(findModels(rows, 'claude')).toEqual([]);
  });
});

describe('the form of a provider', () => {
  const nothing = emptyDraft(['keyring', 'session', 'passphrase', 'unprotected']);

  test('chooses the keyring by itself, and nothing where there is none', () => {
    expect(nothing.keep).toBe('keyring');
    expect(emptyDraft(['session', 'passphrase', 'unprotected']).keep).toBeNull();
    expect(emptyDraft(['session']).keep).toBe('session');
  });

  test('connects once a key is there and it is said how to keep it', () => {
    const unsure = { ...nothing, keep: null };
    expect(readinessOf(OPENAI, nothing, false)).toMatchObject({ canTest: false, canConnect: false });
    const typed = { ...unsure, api_key: 'sk-1' };
    expect(readinessOf(OPENAI, typed, false)).toMatchObject({ canTest: true, canConnect: false });
    expect(readinessOf(OPENAI, { ...typed, keep: 'passphrase' }, false).canConnect).toBe(false);
    const behind = { ...typed, keep: 'passphrase', passphrase: 'words' } as const;
    expect(readinessOf(OPENAI, behind, false).canConnect).toBe(true);
    expect(keepOf(behind)).toEqual({ keep: { kind: 'passphrase', passphrase: 'words' } });
    expect(readinessOf(OPENAI, { ...typed, keep: 'unprotected' }, false).canConnect).toBe(true);
  });

  test('wants the kept key again for a new address, and Azure an address', () => {
    const moved = { ...nothing, base_url: ' https://example.com/v1 ' };
    expect(typedOf(moved, KEPT)).toEqual({ base_url: 'https://example.com/v1' });
    expect(readinessOf(KEPT, moved, false)).toMatchObject({ needsKeyAgain: true, canConnect: false });
    const azure = { ...OPENAI, id: 'azure', base_url: '' };
    expect(readinessOf(azure, { ...nothing, api_key: 'k' }, false).canConnect).toBe(false);
  });

  test('has no field for a key of a server on this computer, unless that wants one or is elsewhere', () => {
    expect(readinessOf(VLLM, nothing, false)).toMatchObject({ takesKey: false, canConnect: true });
    expect(readinessOf(VLLM, nothing, true).takesKey).toBe(true);
    expect(readinessOf(VLLM, { ...nothing, base_url: 'http://gpu.lan:8000/v1' }, false).takesKey).toBe(true);
    expect(readinessOf({ ...VLLM, key_env: null }, nothing, true).takesKey).toBe(false);
    expect(
      ['http://localhost:1/v1', 'http://[::1]:1', 'http://127.9.0.1', 'http://10.0.0.1', ''].map(isLoopback),
    ).toEqual([true, true, true, false, false]);
    expect([placeOf('http://gpu.lan:8000/v1'), placeOf('nonsense')]).toEqual(['gpu.lan:8000', 'nonsense']);
  });
});

test('the row of a provider says where its key is and how it ends, and never more', () => {
  expect(stateOf(OPENAI)).toEqual({ kind: 'none', words: 'not connected' });
  expect(stateOf(KEPT).words).toBe('connected, key in the keyring, ends in WXYZ');
  expect(stateOf({ ...KEPT, source: 'unprotected', is_own_url: false }).words).toBe(
    'connected at api.openai.com, key kept unprotected, ends in WXYZ',
  );
  expect(stateOf({ ...VLLM, connected: true }).words).toBe('connected at 127.0.0.1:8000');
  expect(stateOf({ ...KEPT, locked: true, problem: 'x' }).kind).toBe('locked');
  expect(stateOf({ ...KEPT, problem: 'gone' }).kind).toBe('problem');
  expect(stateOf({ ...OPENAI, base_url: '', problem: 'Enter yours.' }).kind).toBe('incomplete');
});
