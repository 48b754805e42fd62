import { expect, test } from 'vitest';
import { parseArguments } from '../../electron/tools/arguments.ts';
import { createToolRegistry } from '../../electron/tools/registry.ts';

const registry = createToolRegistry();
const parse = (name: string, raw: string): ReturnType<typeof parseArguments> =>
  parseArguments(name, raw, registry.get(name)!.parameters);

test('a JSON object, or a JSON text of one, is read; keys the tool does not know pass', () => {
  const args = { label: 'human', content: 'x', request_heartbeat: true, thinking: 'hm' };
  expect(parse('core_memory_append', JSON.stringify(args))).toEqual({ ok: true, args, repairs: [] });
  expect(parse('core_memory_append', JSON.stringify(JSON.stringify(args)))).toEqual({
    ok: true,
    args,
    repairs: [],
  });
});

test('null for an optional parameter means it was left out; numbers as text are numbers', () => {
  const raw = '{"query":null,"roles":null,"limit":"3","start_date":null,"page":null}';
  expect(parse('conversation_search', raw)).toEqual({
    ok: true,
    args: { limit: 3, page: null },
    repairs: [],
  });
  expect(parse('conversation_search', '')).toEqual({ ok: true, args: {}, repairs: [] });
});

test.each([
  ['{"label":"human","content":"x"} and more', 'there is text behind the object'],
  ['{"label":"human"}{"content":"x"}', '"content" is missing'],
  ['{"label":"human","content":"x', 'not one JSON object'],
  ['[1]', 'they are a list'],
  ['null', 'they are null'],
  ['{"label":"human"}', '"content" is missing'],
  ['{"label":"human","content":5}', '"content" must be a text, not 5'],
  ['{"label":null,"content":"x"}', '"label" must be a text, not null'],
])('%s is not run and the model is told why', (raw, reason) => {
  const parsed = parse('core_memory_append', raw);
  expect(parsed).toMatchObject({ ok: false });
  const message = parsed.ok ? '' : parsed.message;
  expect(message).toContain(reason);
  expect(message).toContain(`They read: ${raw}`);
  expect(message).toContain('"label": string, "content": string');
});

test('values outside of a list of allowed ones are refused', () => {
  const raw = '{"query":"x","tag_match_mode":"some"}';
  expect(parse('archival_memory_search', raw)).toMatchObject({
    ok: false,
    message: expect.stringContaining('"tag_match_mode" must be one of "any", "all", not "some"') as string,
  });
  expect(parse('conversation_search', '{"roles":["user","robot"]}')).toMatchObject({ ok: false });
  expect(parse('memory_insert', '{"label":"a","new_string":"b","insert_line":1.5}')).toMatchObject({
    ok: false,
  });
});

test.each([
  ['conversation_search', '{"limit":1000000000}', '"limit" must be from 1 to 100, not 1000000000'],
  ['conversation_search', '{"limit":"0"}', '"limit" must be from 1 to 100, not "0"'],
  ['archival_memory_search', '{"query":"x","top_k":101}', '"top_k" must be from 1 to 100, not 101'],
])('%s with %s is told the bounds', (name, raw, reason) => {
  const parsed = parse(name, raw);
  expect(parsed.ok ? '' : parsed.message).toContain(reason);
});

test.each([
  ['a list', `{"query":"x","tags":${'['.repeat(5000)}${']'.repeat(5000)}}`],
  ['a key the tool does not know', `{"query":"x","note":${'{"a":'.repeat(5000)}1${'}'.repeat(5001)}`],
  ['a text of JSON', JSON.stringify(`{"query":"x","tags":${'['.repeat(5000)}${']'.repeat(5000)}}`)],
])('arguments nested 5,000 deep in %s are told as too deep', (_, raw) => {
  const parsed = parse('archival_memory_search', raw);
  expect(parsed.ok ? '' : parsed.message).toContain('nested too deep, at most 64 levels are taken');
});

test('signs inside of a text are no nesting', () => {
  const query = `${'[{'.repeat(500)}\\" "`;
  expect(parse('archival_memory_search', JSON.stringify({ query }))).toEqual({
    ok: true,
    args: { query },
    repairs: [],
  });
});
