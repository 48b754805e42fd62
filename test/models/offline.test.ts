import { describe, expect, it } from 'vitest';
import type {
  ChatMessage,
  ModelEvent,
  ModelRequest,
  ModelResponse,
  ModelToolCall,
} from '../../electron/models/model.ts';
import { createOfflineModel } from '../../electron/models/offline.ts';
import { AppError } from '../../shared/errors.ts';

const V1 = [
  'memory_insert',
  'memory_replace',
  'conversation_search',
  'archival_memory_insert',
  'archival_memory_search',
];
const MEMGPT = [
  'send_message',
  'core_memory_append',
  'core_memory_replace',
  'conversation_search',
  'archival_memory_insert',
  'archival_memory_search',
];

type Setting = {
  readonly human?: string;
  readonly read_only?: boolean;
  readonly tools?: readonly string[];
  readonly before?: readonly ChatMessage[];
  readonly after?: readonly ChatMessage[];
  readonly note?: string;
};

function block(label: string, value: string, read_only = false): string {
  const metadata = `${read_only ? '- read_only=true\n' : ''}- chars_current=${value.length}\n- chars_limit=5000`;
  return `<${label}>\n<description>\nAbout ${label}.\n</description>\n<metadata>\n${metadata}\n</metadata>\n<value>\n${value}\n</value>\n</${label}>`;
}

function requestFor(said: string, setting: Setting = {}): ModelRequest {
  const memory = `${block('persona', 'My name is Ada.')}\n\n${block('human', setting.human ?? '', setting.read_only)}`;
  return {
    model: 'offline',
    messages: [
      {
        role: 'system',
        content: `You are an agent.\n<memory_blocks>\nYour blocks:\n\n${memory}\n</memory_blocks>\n${setting.note ?? ''}`,
      },
      ...(setting.before ?? []),
      { role: 'user', content: said },
      ...(setting.after ?? []),
    ],
    tools: (setting.tools ?? V1).map((name) => ({ name, description: name, parameters: {} })),
    tool_choice: 'auto',
    parallel_tool_calls: true,
    temperature: null,
    max_output_tokens: null,
  };
}

function answer(
  request: ModelRequest,
  onEvent: (event: ModelEvent) => void = () => undefined,
): Promise<ModelResponse> {
  return createOfflineModel().answer(request, { signal: new AbortController().signal, onEvent });
}

async function moves(said: string, setting: Setting = {}): Promise<unknown> {
  const { text, tool_calls } = await answer(requestFor(said, setting));
  if (tool_calls.length === 0) return text;
  return tool_calls.map((call) => [call.name, JSON.parse(call.arguments) as unknown]);
}

function called(name: string, given: object, message: unknown = 'done', status = 'OK'): ChatMessage[] {
  const time = '2026-01-02T00:00:00.000Z';
  const call: ModelToolCall = { id: `id-${name}`, name, arguments: JSON.stringify(given) };
  return [
    { role: 'assistant', content: null, tool_calls: [call] },
    { role: 'tool', tool_call_id: call.id, content: JSON.stringify({ status, message, time }) },
  ];
}

function results(...texts: readonly string[]): string {
  return JSON.stringify({
    results: texts.map((content) => ({ content, role: 'user' })),
    count: texts.length,
  });
}

const KIT = 'Name: Kit\nLikes concise answers';

describe('what it does with a message', () => {
  const insert = (new_string: string): unknown => [
    ['memory_insert', { label: 'human', new_string, insert_line: -1 }],
  ];
  const replace = (old_string: string, new_string: string): unknown => [
    ['memory_replace', { label: 'human', old_string, new_string }],
  ];
  const file = (content: string): unknown => [['archival_memory_insert', { content }]];

  const table: readonly [string, string, unknown][] = [
    ['Hi, my name is Kit and I like concise answers', '', insert('Name: Kit\nLikes concise answers')],
    [
      'I’m allergic to nuts. I live in Paris, and I work as a nurse',
      '',
      insert('Allergic to nuts\nLives in Paris\nWorks as a nurse'),
    ],
    ['My name is 李雷', '', insert('Name: 李雷')],
    ['I am Zoë', '', insert('Name: Zoë')],
    [
      'hello!\nCall me O’Brien.\nI can’t stand “small talk”',
      '',
      insert("Name: O’Brien\nCan't stand “small talk”"),
    ],
    ['my dog is called Rex', KIT, insert('Dog: Rex')],
    ['actually, call me Kat', KIT, replace('Name: Kit', 'Name: Kat')],
    [
      'actually Charles',
      'The human’s name is Chad.',
      replace('The human’s name is Chad.', 'The human’s name is Charles.'),
    ],
    ['No, it’s Kate', KIT, replace('Name: Kit', 'Name: Kate')],
    ['call me Kat', 'Name: Kit\nFriend: Name: Kit', replace('Name: Kit\n', 'Name: Kat\n')],
    ['I hate concise answers', KIT, replace('Likes concise answers', 'Hates concise answers')],
    ['Actually, I prefer long answers', KIT, replace('Likes concise answers', 'Prefers long answers')],
    ['I live in Rome now', 'Lives in Paris', replace('Lives in Paris', 'Lives in Rome')],
    ['Remember that the wifi code is tulip-42', '', file('the wifi code is tulip-42')],
    ['Remember: buy milk', '', file('buy milk')],
    [
      'Please remember my café’s door code: 12\nand the alarm: 34',
      '',
      file('my café’s door code: 12\nand the alarm: 34'),
    ],
    ['What is the wifi code?', '', [['archival_memory_search', { query: 'wifi code' }]]],
    ['What did I say about the garden?', '', [['conversation_search', { query: 'garden' }]]],
    ['forget that I like concise answers', KIT, replace('\nLikes concise answers', '')],
    ['forget my name', KIT, replace('Name: Kit\n', '')],
    ['forget everything about me', KIT, replace(KIT, '')],
    ['What is my name?', KIT, 'Your name is Kit.'],
    ['What is my name?', '', "I don't know your name yet. What shall I call you?"],
    ['what answers do I like?', KIT, 'From my memory: “Likes concise answers”.'],
    ['I like concise answers', KIT, 'I have that already: you like concise answers.'],
  ];

  it.each(table)('%s', async (said, human, expected) => {
    expect(await moves(said, { human })).toEqual(expected);
  });

  it('lists all it knows about the person, and no more', async () => {
    const said = await moves('What do you know about me?', { human: KIT });
    expect(said).toBe(
      'This is what my memory says about you:\n- Name: Kit\n- Likes concise answers\n\nMore may be in my archive: ask me about it by subject.',
    );
    const after = called('archival_memory_search', { query: '' }, results());
    expect(await moves('What do you know about me?', { after })).toMatch(/^Nothing yet/u);
  });

  const talk: readonly [string, RegExp][] = [
    ['hello', /Kit/u],
    ['thanks!', /\S/u],
    ['How are you?', /\?$|keep/u],
    ['who are you', /Ada.*demo model/u],
    ['help', /"Remember that/u],
    ['tell me a joke', /memory|context/u],
    ['I’m tired', /demo model/u],
    ['Write me a sonnet', /demo model/u],
  ];

  it.each(talk)('answers "%s" with words alone', async (said, pattern) => {
    expect(await moves(said, { human: KIT })).toMatch(pattern);
  });
});

describe('what it does with results', () => {
  it('confirms what a tool confirmed', async () => {
    const given = { label: 'human', new_string: 'Name: Kit\nLikes concise answers', insert_line: -1 };
    const after = called('memory_insert', given);
    expect(await moves('my name is Kit and I like concise answers', { after })).toMatch(
      /^Nice to meet you, Kit!.*you like concise answers/u,
    );
  });

  it.each([
    ['human would be 12 characters; its limit is 10.', /block is full.*Nothing was saved\.$/u],
    ['old_string was not found exactly once', /changed meanwhile.*Nothing was saved\.$/u],
    ['SQLITE_ERROR: near "x"', /tool failed.*steps above.*Nothing was saved\.$/u],
  ])('says in its own words that a tool failed with "%s"', async (words, says) => {
    const given = { label: 'human', new_string: 'Name: Kit', insert_line: -1 };
    const after = called('memory_insert', given, words, 'Failed');
    const said = await moves('my name is Kit', { after });
    expect(said).toMatch(says);
    expect(said).not.toContain(words);
  });

  it('answers from the archive', async () => {
    const after = called(
      'archival_memory_search',
      { query: 'wifi code' },
      results('the wifi code is tulip-42'),
    );
    expect(await moves('What is the wifi code?', { after })).toBe(
      'From my archive: “the wifi code is tulip-42”.',
    );
  });

  it('reads results that come as objects, too', async () => {
    const after = called(
      'archival_memory_search',
      { query: 'wifi code' },
      { results: [{ content: 'wifi code: x1' }], count: 1 },
    );
    expect(await moves('What is the wifi code?', { after })).toBe('From my archive: “wifi code: x1”.');
  });

  it('looks into past talk next, and then says that it found nothing', async () => {
    const archive = called('archival_memory_search', { query: 'wifi code' }, results());
    expect(await moves('What is the wifi code?', { after: archive })).toEqual([
      ['conversation_search', { query: 'wifi code' }],
    ]);
    const after = [
      ...archive,
      ...called('conversation_search', { query: 'wifi code' }, results('What is the wifi code?')),
    ];
    expect(await moves('What is the wifi code?', { after })).toMatch(/found nothing/u);
  });

  it('points to the Archive page for what it cannot remove', async () => {
    const after = called(
      'archival_memory_search',
      { query: 'wifi code' },
      results('the wifi code is tulip-42'),
    );
    expect(await moves('forget the wifi code', { after })).toMatch(/tulip-42.*Archive page/u);
  });
});

describe('what it takes for memory', () => {
  const own = called('memory_insert', { label: 'human', new_string: 'Name: Kit', insert_line: -1 });
  const before: ChatMessage[] = [
    { role: 'user', content: 'my name is Kit' },
    ...own,
    { role: 'assistant', content: 'Hi Kit' },
  ];

  it('knows its own edits that the prompt does not show yet', async () => {
    expect(await moves('What is my name?', { before })).toBe('Your name is Kit.');
  });

  it('knows that a line was replaced by what another line says already, or by a shorter one', async () => {
    const human = 'Likes tea\nHates tea\nName: Mara';
    const edits: ChatMessage[] = [
      { role: 'user', content: 'fix it' },
      ...called('memory_replace', { label: 'human', old_string: 'Hates tea', new_string: 'Likes tea' }),
      ...called('memory_replace', { label: 'human', old_string: 'Mara', new_string: 'Mar' }),
      { role: 'assistant', content: 'Done' },
    ];
    expect(await moves('What do you know about me?', { human, before: edits })).toContain(
      '- Likes tea\n- Likes tea\n- Name: Mar\n',
    );
  });

  it('believes a prompt compiled after its edit', async () => {
    const note =
      '<memory_metadata>\n- System prompt last recompiled: 2026-01-03T00:00:00.000Z\n</memory_metadata>';
    expect(await moves('What is my name?', { before, note })).toMatch(/don't know/u);
    expect(await moves('What is my name?', { before, note, human: 'Name: Kim' })).toBe('Your name is Kim.');
  });

  it('follows its own edits and notes of others in their order, however a label is written', async () => {
    const note: ChatMessage = {
      role: 'user',
      content: `<memory_update>\nThey now read:\n\n${block('human', 'Name: Kim')}\n</memory_update>`,
    };
    expect(await moves('What is my name?', { before: [...before, note] })).toBe('Your name is Kim.');
    const own_later = called('memory_replace', {
      label: 'human',
      old_string: 'Name: Kim',
      new_string: 'Name: Kat',
    });
    expect(await moves('What is my name?', { before: [...before, note, ...own_later] })).toBe(
      'Your name is Kat.',
    );
    const odd =
      '<memory_blocks>\n<my_notes>\n<metadata>\n- label="my notes"\n</metadata>\n<value>\nTeapot: blue\n</value>\n</my_notes>\n</memory_blocks>';
    expect(await moves('forget my teapot', { note: odd })).toEqual([
      ['memory_replace', { label: 'my notes', old_string: 'Teapot: blue', new_string: '' }],
    ]);
  });

  it('believes memory read after its edit', async () => {
    const read = '<memory_metadata>\n- Memory read at: 2026-01-03T00:00:00.000Z\n</memory_metadata>';
    expect(await moves('What is my name?', { before, note: read })).toMatch(/don't know/u);
  });

  it('hears the person through the wrapping of older agents and tagged notes', async () => {
    const wrapped = JSON.stringify({ type: 'user_message', message: 'call me Al', time: 'now' });
    expect(await moves(wrapped)).toEqual([
      ['memory_insert', { label: 'human', new_string: 'Name: Al', insert_line: -1 }],
    ]);
    const after: ChatMessage[] = [{ role: 'user', content: '<current_time>\n2026\n</current_time>' }];
    expect(await moves('What is my name?', { human: KIT, after })).toBe('Your name is Kit.');
  });
});

describe('which tools it uses', () => {
  it('speaks through send_message and core_memory tools where these are offered', async () => {
    expect(await moves('my name is Kit', { tools: MEMGPT })).toEqual([
      ['core_memory_append', { label: 'human', content: 'Name: Kit' }],
    ]);
    expect(await moves('actually Kat', { tools: MEMGPT, human: KIT })).toEqual([
      ['core_memory_replace', { label: 'human', old_content: 'Name: Kit', new_content: 'Name: Kat' }],
    ]);
    expect(await moves('What is my name?', { tools: MEMGPT, human: KIT })).toEqual([
      ['send_message', { message: 'Your name is Kit.' }],
    ]);
  });

  it('claims no saving without tools or against read-only', async () => {
    expect(await moves('my name is Kit', { tools: [] })).toMatch(/can't keep it/u);
    expect(await moves('remember that x is y', { tools: [] })).toMatch(/not saved/u);
    expect(await moves('my name is Kit', { read_only: true, tools: ['memory_insert'] })).toMatch(
      /read-only/u,
    );
  });
});

describe('as a model', () => {
  it('answers the same request with the same bytes, and streams all of it', async () => {
    const request = requestFor('What do you know about me?', { human: KIT });
    let streamed = '';
    const first = await answer(request, (event) => (streamed += event.type === 'text' ? event.delta : ''));
    expect(await answer(request)).toEqual(first);
    expect(streamed).toBe(first.text);
    expect(first.usage.prompt_tokens).toBeGreaterThan(50);
    expect(JSON.parse(first.raw_request)).toMatchObject({ model: 'offline' });
  });

  it('stops when it is cancelled in the middle', async () => {
    const abort = new AbortController();
    const running = createOfflineModel().answer(requestFor('help'), {
      signal: abort.signal,
      onEvent: () => abort.abort(),
    });
    await expect(running).rejects.toSatisfy(
      (error) => error instanceof AppError && error.code === 'cancelled',
    );
  });
});
