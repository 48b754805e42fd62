import { type AnthropicAnswer, anthropicEvent } from '../helpers/scripted-anthropic.ts';
import type { ModelFault } from './model-faults.ts';

type Fault = ModelFault<AnthropicAnswer>;
type Blocks = Extract<AnthropicAnswer, { kind: 'blocks' }>['blocks'];

const DONE = ['completed'] as const;
const FAILED = ['failed'] as const;
const FOREVER = Number.POSITIVE_INFINITY;

let made = 0;

function once(
  name: string,
  answer: AnthropicAnswer | (() => AnthropicAnswer),
  ends: Fault['ends'],
  keeps?: string,
): Fault {
  const give = typeof answer === 'function' ? answer : () => answer;
  return {
    name: `Messages API: ${name}`,
    lasts: 1,
    answer: give,
    ends,
    ...(keeps === undefined ? {} : { keeps }),
  };
}

const status = (code: number, type: string, headers: Record<string, string> = {}): AnthropicAnswer => ({
  kind: 'status',
  status: code,
  type,
  message: 'No.',
  headers,
});
const begun =
  anthropicEvent({ type: 'message_start', message: { id: 'm', content: [], usage: { input_tokens: 1 } } }) +
  anthropicEvent({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } });
const delta = (text: string): string =>
  anthropicEvent({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } });
const stop = (stop_reason: string | null): string =>
  anthropicEvent({ type: 'message_delta', delta: { stop_reason }, usage: { output_tokens: 3 } }) +
  anthropicEvent({ type: 'message_stop' });

/** A call of the Messages API, by an id of its own unless one is given. */
export function toolUse(name: string, input: unknown, id?: string): Blocks[number] {
  made += 1;
  return { type: 'tool_use', id: id ?? `toolu_${made}`, name, input };
}

const FACT = { label: 'human', new_string: 'Likes tea.' };
const uses = (...blocks: Blocks): AnthropicAnswer => ({ kind: 'blocks', blocks });
const ends = (stop_reason: string | null, text: string): AnthropicAnswer => ({
  kind: 'blocks',
  blocks: [{ type: 'text', text }],
  stop_reason,
});

/** All faults of a server of the Messages API. */
export const ANTHROPIC_FAULTS: readonly Fault[] = [
  once('is limited', status(429, 'rate_limit_error'), DONE),
  once('asks to wait an hour', status(429, 'rate_limit_error', { 'retry-after': '3600' }), FAILED),
  once('is overloaded', status(529, 'overloaded_error'), DONE),
  once('is overloaded in the stream', { kind: 'stream_error', type: 'overloaded_error' }, DONE),
  once(
    'is overloaded after a text',
    { kind: 'stream_error', type: 'overloaded_error', first: 'Well, ' },
    FAILED,
    'Well, ',
  ),
  once('shows a web page', { kind: 'raw', body: '<!doctype html>', content_type: 'text/html' }, FAILED),
  once('never begins', { kind: 'hang' }, FAILED),
  once('falls silent', { kind: 'hang', first: 'Then I ' }, FAILED, 'Then I '),
  once('sends pings for ever', { kind: 'pings' }, FAILED, 'A'),
  once('breaks the line', { kind: 'cut', first: 'Half of ' }, FAILED, 'Half of '),
  once('ends in the middle', { kind: 'unfinished', text: 'And so ' }, FAILED, 'And so '),
  once(
    'streams no JSON',
    { kind: 'raw', body: `${begun}${delta('So far. ')}data: {"type":\n\n` },
    FAILED,
    'So far. ',
  ),
  once(
    'gives no reason for its end',
    { kind: 'raw', body: `${begun}${delta('Well.')}${stop(null)}` },
    FAILED,
    'Well.',
  ),
  once(
    'streams what nobody knows',
    {
      kind: 'raw',
      body: `${begun}${anthropicEvent({ type: 'new_thing' })}${delta('Ok.')}${stop('end_turn')}`,
    },
    DONE,
    'Ok.',
  ),
  once(
    'sends a delta of no block',
    { kind: 'raw', body: `${delta('Lost.')}${begun}${delta('Ok.')}${stop('end_turn')}` },
    DONE,
  ),
  once('sends nothing', { kind: 'raw', body: '' }, FAILED),
  once('says nothing', { kind: 'blocks', blocks: [], stop_reason: 'end_turn' }, FAILED),
  once(
    'only thinks',
    { kind: 'blocks', blocks: [{ type: 'thinking', thinking: 'Hm.', signature: 's' }] },
    FAILED,
  ),
  once('refuses', ends('refusal', 'I would'), FAILED, 'I would'),
  once('reaches its limit', ends('max_tokens', 'Once upon'), FAILED, 'Once upon'),
  once('pauses its turn', ends('pause_turn', 'So far.'), DONE, 'So far.'),
  once(
    'finds the talk too long',
    {
      kind: 'status',
      status: 400,
      type: 'invalid_request_error',
      message: 'prompt is too long: 9000 tokens > 8000 maximum',
    },
    ['completed', 'failed'],
  ),
  once('calls with no JSON', () => uses(toolUse('memory_insert', '{"label": "hu')), DONE),
  once('calls with a list', () => uses(toolUse('memory_insert', '[1]')), DONE),
  once('calls what is not there', () => uses(toolUse('order_pizza', {})), DONE),
  once(
    'calls twice by one id',
    () => uses(toolUse('memory_insert', FACT, 'toolu_same'), toolUse('memory_insert', FACT, 'toolu_same')),
    DONE,
  ),
  once('calls by an odd id', () => uses(toolUse('memory_insert', FACT, 'functions.memory:0')), DONE),
  once('calls by a name no tool has', () => uses(toolUse('memory insert!', FACT)), DONE),
  once('calls without an id', () => uses(toolUse('memory_insert', FACT, '')), DONE),
  {
    ...once('makes the same call without end', () => uses(toolUse('memory_insert', FACT)), FAILED),
    lasts: FOREVER,
  },
];
