import { describe, expect, test } from 'vitest';
import type { ScriptedAnswer } from '../helpers/scripted-openai.ts';
import { type ScriptedLetta, startScriptedLetta } from './scripted-server.ts';
import type { Wire } from './server.ts';

type Fault = {
  readonly name: string;
  readonly answer: ScriptedAnswer;
  readonly status: number;
  readonly type: string;
  readonly stop_reason: string;
  /** What a person reads: what to do is in it. */
  readonly says: RegExp;
};

const FAULTS: readonly Fault[] = [
  {
    name: 'a key that is refused',
    answer: { kind: 'status', status: 401, message: 'Incorrect API key provided: sk-test' },
    status: 401,
    type: 'llm_authentication',
    stop_reason: 'llm_api_error',
    says: /OPENAI_API_KEY.*Your message is kept/u,
  },
  {
    name: 'a limit of requests that passes too late',
    answer: { kind: 'status', status: 429, headers: { 'retry-after': '3600' } },
    status: 429,
    type: 'llm_rate_limit',
    stop_reason: 'llm_api_error',
    says: /message is kept.*wait 3,600 seconds/u,
  },
  {
    name: 'a limit of requests that does not pass',
    answer: { kind: 'status', status: 429, headers: { 'retry-after': '0' } },
    status: 429,
    type: 'llm_rate_limit',
    stop_reason: 'llm_api_error',
    says: /message is kept; wait a little/u,
  },
  {
    name: 'a provider in trouble',
    answer: { kind: 'status', status: 500 },
    status: 500,
    type: 'llm_error',
    stop_reason: 'llm_api_error',
    says: /message is kept; try again later/u,
  },
  {
    name: 'silence',
    answer: { kind: 'hang' },
    status: 504,
    type: 'llm_timeout',
    stop_reason: 'llm_api_error',
    says: /kept/u,
  },
  {
    name: 'silence in the middle',
    answer: { kind: 'hang', first: 'Half a' },
    status: 504,
    type: 'llm_timeout',
    stop_reason: 'llm_api_error',
    says: /kept/u,
  },
  {
    name: 'a cut in the middle',
    answer: { kind: 'cut', first: 'Half a' },
    status: 500,
    type: 'llm_error',
    stop_reason: 'llm_api_error',
    says: /had arrived is kept; (?:send|try) again/u,
  },
  {
    name: 'an answer without an end',
    answer: { kind: 'unfinished', text: 'Half a' },
    status: 500,
    type: 'llm_error',
    stop_reason: 'invalid_llm_response',
    says: /cut off before its end.*(?:send|try) again/u,
  },
  {
    name: 'a web page',
    answer: { kind: 'html' },
    status: 500,
    type: 'llm_error',
    stop_reason: 'invalid_llm_response',
    says: /OPENAI_BASE_URL|address/u,
  },
  {
    name: 'a talk that does not fit',
    answer: { kind: 'overflow', limit: 8192, used: 9000 },
    status: 400,
    type: 'llm_bad_request',
    stop_reason: 'context_window_overflow_in_system_prompt',
    says: /9,?000 tokens.*8,?192.*Nothing is lost/u,
  },
];

/** A script that fails until `mend` is called, then answers. */
function failing(answer: ScriptedAnswer): { script: () => ScriptedAnswer; mend: () => void } {
  let current = answer;
  return {
    script: () => current,
    mend: () => {
      current = { kind: 'text', text: 'Here again.' };
    },
  };
}

async function post(
  { url, agent_id }: ScriptedLetta,
  path: string,
  body: Wire,
): Promise<{ status: number; retry: string | null; text: string }> {
  const response = await fetch(`${url}/v1/agents/${agent_id}/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return {
    status: response.status,
    retry: response.headers.get('x-should-retry'),
    text: await response.text(),
  };
}

async function nextTurn(server: ScriptedLetta): Promise<unknown> {
  const answer = await server.ask(`POST /v1/agents/${server.agent_id}/messages`, { input: 'And now?' });
  expect(answer.status).toBe(200);
  return (answer.body as { messages: Wire[] }).messages.at(-1)?.['content'];
}

describe.each(FAULTS)('$name', ({ answer, status, type, stop_reason, says }) => {
  test('is told by the status and in Letta’s shape; the next turn works', async () => {
    const { script, mend } = failing(answer);
    const server = await startScriptedLetta(script);
    const told = await post(server, 'messages', { input: 'Hello' });
    expect([told.status, told.retry]).toEqual([status, 'false']);
    const { error } = JSON.parse(told.text) as { error: Wire };
    expect(Object.keys(error)).toEqual(['type', 'message', 'detail']);
    expect([error['type'], error['detail']]).toEqual([type, expect.stringMatching(says)]);
    expect(told.text).not.toContain('sk-test');
    mend();
    expect(await nextTurn(server)).toBe('Here again.');
    expect(server.model.refusals).toEqual([]);
  });

  test.each([
    ['messages/stream', {}],
    ['messages/stream', { stream_tokens: true }],
    ['messages', { streaming: true, include_pings: false }],
  ])('ends the stream of %s %j with reason, error and [DONE]; the next turn works', async (path, options) => {
    const { script, mend } = failing(answer);
    const server = await startScriptedLetta(script);
    const told = await post(server, path, { input: 'Hello', ...options });
    expect(told.status).toBe(200);
    const frames = told.text.trimEnd().split('\n\n').slice(-3);
    expect(frames[0]).toBe(`data: {"message_type":"stop_reason","stop_reason":"${stop_reason}"}`);
    expect(frames[2]).toBe('data: [DONE]');
    expect(frames[1]).toMatch(/^event: error\ndata: /u);
    const error = JSON.parse(frames[1]!.slice('event: error\ndata: '.length)) as Wire;
    expect(Object.keys(error)).toEqual([
      'message_type',
      'run_id',
      'error_type',
      'message',
      'detail',
      'seq_id',
    ]);
    expect(error).toMatchObject({
      message_type: 'error_message',
      run_id: expect.stringMatching(/^run-/u) as unknown,
      error_type: type,
      message: expect.stringMatching(says) as unknown,
      detail: expect.stringMatching(says) as unknown,
    });
    expect(told.text.includes('Half a')).toBe('first' in answer || answer.kind === 'unfinished');
    expect(told.text).not.toContain('sk-test');
    mend();
    expect(await nextTurn(server)).toBe('Here again.');
    expect(server.model.refusals).toEqual([]);
  });
});
