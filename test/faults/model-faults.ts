import { deltaFrame, endFrames, frame, type ScriptedAnswer } from '../helpers/scripted-openai.ts';

/** Something a server of models does wrong. */
export type ModelFault<Answer> = {
  /** What it does, in words. */
  readonly name: string;
  /** Requests in a row it does it to; the ones after are answered well. */
  readonly lasts: number;
  readonly answer: (nth: number) => Answer;
  /** How a run that meets it in its first request may end. */
  readonly ends: readonly ('completed' | 'failed')[];
  /** What it said before it broke off, which the talk must keep. */
  readonly keeps?: string;
};

/** Room for answers small enough that a test can go beyond it. */
export const FAULT_LIMITS = { answer_bytes: 2 * 1024 * 1024, line_bytes: 256 * 1024 } as const;

const FOREVER = Number.POSITIVE_INFINITY;
const DONE = ['completed'] as const;
const FAILED = ['failed'] as const;
const EITHER = ['completed', 'failed'] as const;

type Chat = ModelFault<ScriptedAnswer>;
type Raw = Omit<Extract<ScriptedAnswer, { kind: 'raw' }>, 'kind' | 'body'>;

const said = (text: string): string => deltaFrame({ content: text });
const end = (reason: string | null = 'stop'): string => deltaFrame({}, reason) + endFrames();
const raw = (body: string, rest: Raw = {}): ScriptedAnswer => ({ kind: 'raw', body, ...rest });
const piece = (call: object): string => deltaFrame({ tool_calls: [call] });
const calls = (
  ...made: readonly { id?: string; name: string; arguments: string | object }[]
): ScriptedAnswer => ({
  kind: 'calls',
  calls: made,
});
const remember = (text: string | object, name = 'memory_insert'): ScriptedAnswer =>
  calls({ name, arguments: text });
const FACT = { label: 'human', new_string: 'Likes tea.' };

function once(name: string, answer: ScriptedAnswer, ends: Chat['ends'], keeps?: string): Chat {
  return { name, lasts: 1, answer: () => answer, ends, ...(keeps === undefined ? {} : { keeps }) };
}

function forever(name: string, answer: (nth: number) => ScriptedAnswer, ends: Chat['ends']): Chat {
  return { name, lasts: FOREVER, answer, ends };
}

const limited = (headers: Record<string, string> = {}): ScriptedAnswer => ({
  kind: 'status',
  status: 429,
  message: 'Rate limit reached.',
  headers,
});

/** It refuses: statuses, headers and bodies that are no answer. */
const refusing: readonly Chat[] = [
  { ...once('is limited, then well', limited(), DONE), lasts: 2 },
  once('asks to wait two seconds', limited({ 'retry-after': '2' }), DONE),
  once('asks to wait an hour', limited({ 'retry-after': '3600' }), FAILED),
  once('asks to wait for nonsense', limited({ 'retry-after': 'soon' }), DONE),
  once('asks to wait less than nothing', limited({ 'retry-after': '-5' }), DONE),
  forever('is limited for good', () => limited({ 'retry-after': '1' }), FAILED),
  once('has a fault of its own, then is well', { kind: 'status', status: 503 }, DONE),
  forever('has a fault of its own for good', () => ({ kind: 'status', status: 500 }), FAILED),
  once('is overloaded', { kind: 'status', status: 529 }, DONE),
  once('shows a web page', { kind: 'html' }, FAILED),
  once('wants to be paid', { kind: 'status', status: 402 }, FAILED),
  once('does not know the key', { kind: 'status', status: 401 }, FAILED),
  once('does not know the model', { kind: 'status', status: 404 }, FAILED),
  once('points elsewhere', { kind: 'status', status: 302, headers: { location: '/v2' } }, FAILED),
  once('finds the request too large', { kind: 'status', status: 413 }, EITHER),
  once(
    'does not stream',
    raw('{"choices":[{"message":{"content":"Hi"}}]}', { content_type: 'application/json' }),
    FAILED,
  ),
  once('sends packed nonsense', raw('nonsense', { headers: { 'content-encoding': 'gzip' } }), FAILED),
  once('sends nothing', raw(''), FAILED),
];

/** It falls silent, or the line breaks. */
const breaking: readonly Chat[] = [
  once('never begins', { kind: 'hang' }, FAILED),
  once('keeps the line warm and says nothing', { kind: 'heartbeat' }, FAILED),
  once('falls silent in a text', { kind: 'hang', first: 'Then I ' }, FAILED, 'Then I '),
  once(
    'falls silent in a call',
    raw(piece({ index: 0, id: 'c', function: { name: 'memory_insert', arguments: '{"la' } }), {
      ends: 'hang',
    }),
    FAILED,
  ),
  once('breaks the line before it begins', { kind: 'cut' }, DONE),
  forever('breaks the line before it begins for good', () => ({ kind: 'cut' }), FAILED),
  once('breaks the line in a text', { kind: 'cut', first: 'Half of ' }, FAILED, 'Half of '),
  once(
    'breaks the line in a call, after a text',
    raw(
      said('I note it. ') +
        piece({ index: 0, id: 'c', function: { name: 'memory_insert', arguments: '{"la' } }),
      {
        ends: 'cut',
      },
    ),
    FAILED,
    'I note it. ',
  ),
  once('ends in the middle of a text', { kind: 'unfinished', text: 'And so ' }, FAILED, 'And so '),
  once('gives a reason for its end, but none', raw(said('Well.') + deltaFrame({}, 'stop')), DONE, 'Well.'),
  once('says that it ended, but no reason', raw(`${said('Well.')}data: [DONE]\n\n`), DONE, 'Well.'),
];

/** Its stream is broken or odd. */
const garbling: readonly Chat[] = [
  once('streams no JSON', raw(`${said('So far. ')}data: {"choices":[{"del\n\n${end()}`), FAILED, 'So far. '),
  once('streams an error', { kind: 'stream_error', message: 'server_error: something broke' }, EITHER),
  once(
    'streams an error after a text',
    { kind: 'stream_error', message: 'broke', first: 'Well, ' },
    FAILED,
    'Well, ',
  ),
  once(
    'leaves out the choices',
    raw(frame({ id: '1' }) + said('Yes.') + frame({ choices: null }) + end()),
    DONE,
    'Yes.',
  ),
  once('has no choices at all', raw(frame({ id: '1', choices: [] }) + 'data: [DONE]\n\n'), FAILED),
  once(
    'sends empty things',
    raw(frame({ choices: [null] }) + frame({ choices: [{ delta: null }] }) + said('Ok.') + end()),
    DONE,
  ),
  once(
    'sends null for all there is',
    raw(deltaFrame({ content: null, tool_calls: null, role: null }) + said('Ok.') + end()),
    DONE,
  ),
  once(
    'sends a value that is no object',
    raw(`data: 7\n\ndata: "x"\n\ndata: null\n\n${said('Ok.')}${end()}`),
    EITHER,
  ),
  once('answers without end', raw(said('x'.repeat(60_000)).repeat(45) + end()), FAILED),
  once('sends one line without end', { kind: 'huge_line', bytes: 400 * 1024 }, FAILED),
  once(
    'speaks in the wrong role',
    raw(deltaFrame({ role: 'tool', content: 'Hello.' }) + end()),
    DONE,
    'Hello.',
  ),
  once('sends each piece twice', raw(said('Twice. ').repeat(2) + end() + end()), DONE),
  once(
    'puts other events between',
    raw(`event: note\r\nid: 7\r\nretry: 5\r\n\r\n: note\r\n\r\n${said('Ok.')}${end()}`),
    DONE,
  ),
  once(
    'cuts a character in two',
    { kind: 'raw', body: halves(said('Grüße, 世界 🙂.') + end()) },
    DONE,
    'Grüße, 世界 🙂.',
  ),
  once('sends half a character', raw(said('Half \uD83D of it') + end()), DONE),
  once('sends signs no text has', raw(said('A\u0000B\u0007C') + end()), DONE),
  once(
    'lies about usage',
    raw(said('Ok.') + deltaFrame({}, 'stop') + frame({ choices: [], usage: LIES() }) + 'data: [DONE]\n\n'),
    DONE,
  ),
  once(
    'lies about usage the other way',
    raw(said('Ok.') + deltaFrame({}, 'stop') + frame({ choices: [], usage: TALL() }) + 'data: [DONE]\n\n'),
    DONE,
  ),
];

function LIES(): object {
  return { prompt_tokens: -5, completion_tokens: 'many', total_tokens: null, prompt_tokens_details: 7 };
}

function TALL(): object {
  const details = { cached_tokens: 1e308 };
  return {
    prompt_tokens: 1e300,
    completion_tokens: 0.5,
    total_tokens: 2 ** 60,
    prompt_tokens_details: details,
  };
}

/** Its answer says nothing, or is cut. */
const failing: readonly Chat[] = [
  once('only thinks', raw(deltaFrame({ reasoning_content: 'Hm.' }) + end()), FAILED),
  once('says nothing', raw(end()), FAILED),
  once('says blanks', raw(said(' \n\n ') + end()), FAILED),
  once(
    'reaches the limit of its answer',
    { kind: 'text', text: 'Once upon', finish_reason: 'length' },
    FAILED,
    'Once upon',
  ),
  once('is filtered', { kind: 'text', text: 'I would', finish_reason: 'content_filter' }, FAILED, 'I would'),
  once('ends for a reason of its own', { kind: 'text', text: 'Fine.', finish_reason: 'eos' }, DONE, 'Fine.'),
  once('finds the talk too long', { kind: 'overflow', limit: 6000, used: 9000 }, EITHER),
  forever('finds every talk too long', () => ({ kind: 'overflow', limit: 8000, used: 9000 }), EITHER),
  forever(
    'finds every talk too long, without numbers',
    () => ({ kind: 'status', status: 400, code: 'context_length_exceeded', message: 'too long' }),
    FAILED,
  ),
  once('holds nearly nothing, as it says', { kind: 'overflow', limit: 50, used: 9000 }, EITHER),
];

/** Its calls are wrong. */
const miscalling: readonly Chat[] = [
  once('calls with no JSON', remember('give me tea'), DONE),
  once('calls with wrong types', remember({ label: 7, new_string: ['a'] }), DONE),
  once('calls with a list', remember('[1, 2]'), DONE),
  once('calls with nothing', remember(''), DONE),
  once('calls with null', remember('null'), DONE),
  once('calls with arguments cut', remember('{"label": "human", "new_string": "Likes t'), DONE),
  once('calls with arguments packed twice', remember(JSON.stringify(JSON.stringify(FACT))), DONE),
  once(
    'calls with a fence around',
    remember('```json\n{"label": "human", "new_string": "Likes tea.",}\n```'),
    DONE,
  ),
  once(
    'calls with half a character',
    remember('{"label": "human", "new_string": "\uD83D \\ud83d \\u0000"}'),
    DONE,
  ),
  once(
    'calls with names of the prototype',
    remember('{"__proto__": {"label": "human"}, "constructor": 1}'),
    DONE,
  ),
  once('calls what is not there', remember({}, 'order_pizza'), DONE),
  once('calls by a name no tool has', remember({}, 'functions.memory insert!?'), DONE),
  once('calls by a name without end', remember({}, 'n'.repeat(500)), DONE),
  once(
    'calls without a name',
    raw(piece({ index: 0, id: 'c', function: { arguments: '{}' } }) + end('tool_calls')),
    DONE,
  ),
  once(
    'calls a hundred things at once',
    calls(
      ...Array.from({ length: 100 }, (_one, at) => ({
        name: 'archival_memory_insert',
        arguments: { content: `Entry ${at}` },
      })),
    ),
    EITHER,
  ),
  once(
    'calls twice by one id',
    calls(
      { id: 'same', name: 'memory_insert', arguments: FACT },
      { id: 'same', name: 'conversation_search', arguments: { query: 'tea' } },
    ),
    DONE,
  ),
  {
    ...once(
      'calls by the same id in each answer',
      calls({ id: 'call_0', name: 'memory_insert', arguments: FACT }),
      DONE,
    ),
    lasts: 2,
  },
  once(
    'calls by an odd id',
    calls({ id: 'functions.memory_insert:0', name: 'memory_insert', arguments: FACT }),
    DONE,
  ),
  once(
    'calls by an id without end',
    calls({ id: 'i'.repeat(300), name: 'memory_insert', arguments: FACT }),
    DONE,
  ),
  once('calls by an id of blanks', calls({ id: ' \n', name: 'memory_insert', arguments: FACT }), DONE),
  once(
    'calls without ids',
    raw(
      piece({ index: 0, function: { name: 'conversation_search', arguments: '{"query":"tea"}' } }) +
        piece({ index: 1, function: { name: 'archival_memory_search', arguments: '{"query":"tea"}' } }) +
        end('tool_calls'),
    ),
    DONE,
  ),
  once(
    'calls without numbers',
    raw(
      piece({ id: 'a', function: { name: 'conversation_search', arguments: '{"query":' } }) +
        piece({ function: { arguments: '"tea"}' } }) +
        end('tool_calls'),
    ),
    DONE,
  ),
  once('calls in turns', raw(inTurns()), DONE),
  once(
    'calls in the old way',
    raw(
      deltaFrame({ function_call: { name: 'conversation_search', arguments: '{"query":"tea"}' } }) +
        end('function_call'),
    ),
    DONE,
  ),
  once(
    'calls with arguments as an object',
    raw(
      piece({ index: 0, id: 'o', function: { name: 'memory_insert', arguments: FACT } }) + end('tool_calls'),
    ),
    DONE,
  ),
  once('calls in ten thousand pieces', raw(fragments(10_000)), DONE),
  once(
    'calls, but says it stopped',
    raw(
      piece({ index: 0, id: 's', function: { name: 'memory_insert', arguments: JSON.stringify(FACT) } }) +
        end('stop'),
    ),
    DONE,
  ),
  once(
    'calls, and is cut at its limit',
    raw(
      piece({ index: 0, id: 'l', function: { name: 'memory_insert', arguments: '{"label": "hum' } }) +
        end('length'),
    ),
    FAILED,
  ),
  forever('makes the same call without end', () => remember(FACT), FAILED),
  forever(
    'makes new calls without end',
    (nth) => calls({ name: 'conversation_search', arguments: { query: `tea ${nth}` } }),
    DONE,
  ),
];

function inTurns(): string {
  const open = (index: number): string =>
    piece({
      index,
      id: `t${index}`,
      type: 'function',
      function: { name: 'conversation_search', arguments: '' },
    });
  const part = (index: number, text: string): string => piece({ index, function: { arguments: text } });
  return (
    open(0) +
    open(1) +
    part(1, '{"query":') +
    part(0, '{"query":') +
    part(0, '"a"}') +
    part(1, '"b"}') +
    end('tool_calls')
  );
}

function fragments(count: number): string {
  const text = JSON.stringify({ label: 'human', new_string: 'x' }).replace('x', 'x'.repeat(count - 40));
  const name = { index: 0, id: 'f', function: { name: 'memory_insert', arguments: '' } };
  const pieces = Array.from(text, (sign) => piece({ index: 0, function: { arguments: sign } }));
  return piece(name) + pieces.join('') + end('tool_calls');
}

/** Bytes of a text in pieces of one, so that every character of several bytes is cut. */
function halves(text: string): Uint8Array[] {
  return Array.from(Buffer.from(text), (byte) => Uint8Array.of(byte));
}

/** All faults of a server of chat completions. */
export const CHAT_FAULTS: readonly Chat[] = [
  ...refusing,
  ...breaking,
  ...garbling,
  ...failing,
  ...miscalling,
];
