/** The rules of chat completions that this validator knows, each refused by some provider or template in use. */
export type ChatRule =
  | 'messages'
  | 'role'
  | 'system_first'
  | 'fields'
  | 'content'
  | 'empty_content'
  | 'nothing_said'
  | 'calls'
  | 'call_id'
  | 'call_name'
  | 'arguments'
  | 'duplicate_id'
  | 'missing_result'
  | 'orphan_result'
  | 'assistant_twice'
  | 'same_role_twice'
  | 'last_message'
  | 'tools'
  | 'tool_choice'
  | 'text';

/** One rule a request breaks, and where. */
export type ChatFault = { readonly rule: ChatRule; readonly where: string };

/** How strict the server is. */
export type Strictness = {
  /** Chat templates of many local models refuse two messages of one role in a row, results of tools apart. */
  readonly alternates: boolean;
};

type Fields = Readonly<Record<string, unknown>>;
type Check = {
  readonly say: (rule: ChatRule, where: string) => void;
  readonly alternates: boolean;
};

const FIELDS: Readonly<Record<string, readonly string[]>> = {
  system: ['role', 'content'],
  user: ['role', 'content', 'name'],
  assistant: ['role', 'content', 'tool_calls'],
  tool: ['role', 'content', 'tool_call_id'],
};

/** Lists what the strictest servers would refuse about the body of a chat-completions request; empty when it is sound. */
export function chatFaults(body: unknown, { alternates }: Strictness = { alternates: false }): ChatFault[] {
  const faults: ChatFault[] = [];
  const check: Check = { say: (rule, where) => void faults.push({ rule, where }), alternates };
  const request = fieldsOf(body);
  checkTexts(check, request, 'body');
  checkTools(check, request);
  const messages = Array.isArray(request['messages']) ? request['messages'].map(fieldsOf) : [];
  if (messages.length === 0) check.say('messages', 'messages');
  for (const [index, message] of messages.entries()) checkMessage(check, message, index);
  checkOrder(check, messages);
  checkPairs(check, messages);
  return faults;
}

function checkMessage({ say }: Check, message: Fields, index: number): void {
  const { role, content } = message;
  const where = `messages[${index}] (${String(role)})`;
  const known = FIELDS[String(role)];
  if (known === undefined) {
    say('role', where);
    return;
  }
  if (Object.keys(message).some((key) => !known.includes(key))) say('fields', where);
  if (role === 'assistant') checkAnswer({ say }, message, where);
  else if (typeof content !== 'string') say('content', where);
  else if (content.trim() === '') say('empty_content', where);
}

function checkAnswer({ say }: Pick<Check, 'say'>, message: Fields, where: string): void {
  const { content = null, tool_calls } = message;
  if (typeof content === 'string') {
    if (content.trim() === '') say('empty_content', where);
  } else if (content !== null) say('content', where);
  else if (tool_calls === undefined) say('nothing_said', where);
  if (tool_calls !== undefined) checkCalls({ say }, tool_calls, where);
}

function checkCalls({ say }: Pick<Check, 'say'>, calls: unknown, where: string): void {
  if (!Array.isArray(calls) || calls.length === 0) {
    say('calls', where);
    return;
  }
  for (const [index, call] of calls.map(fieldsOf).entries()) {
    const made = fieldsOf(call['function']);
    const place = `${where}.tool_calls[${index}]`;
    if (call['type'] !== 'function') say('calls', place);
    if (typeof call['id'] !== 'string' || !/^[\w.:-]{1,40}$/u.test(call['id'])) say('call_id', place);
    if (typeof made['name'] !== 'string' || !/^[\w-]{1,64}$/u.test(made['name'])) say('call_name', place);
    if (!isObjectText(made['arguments'])) say('arguments', place);
  }
}

function checkOrder({ say, alternates }: Check, messages: readonly Fields[]): void {
  for (const [index, { role }] of messages.entries()) {
    const where = `messages[${index}] (${String(role)})`;
    if (role === 'system' && index > 0) say('system_first', where);
    const before = messages[index - 1]?.['role'];
    if (role === 'assistant' && before === 'assistant') say('assistant_twice', where);
  }
  if (alternates) checkTurns({ say }, messages);
  const last = messages.at(-1)?.['role'];
  if (last !== 'user' && last !== 'tool') say('last_message', `messages[${messages.length - 1}]`);
}

/** As the templates count: calls and their results are left out. */
function checkTurns({ say }: Pick<Check, 'say'>, messages: readonly Fields[]): void {
  const plain = messages.filter(
    ({ role, tool_calls }) => role === 'user' || (role === 'assistant' && tool_calls === undefined),
  );
  for (const [index, { role }] of plain.entries()) {
    const wanted = index % 2 === 0 ? 'user' : 'assistant';
    if (role === wanted) continue;
    say('same_role_twice', `turn ${index} of ${plain.length} (${String(role)})`);
    return;
  }
}

function checkPairs({ say }: Check, messages: readonly Fields[]): void {
  const seen = new Set<string>();
  const open = new Set<string>();
  const close = (where: string): void => {
    for (const id of open) say('missing_result', `${where}, call ${id}`);
    open.clear();
  };
  for (const [index, message] of messages.entries()) {
    const where = `messages[${index}] (${String(message['role'])})`;
    if (message['role'] === 'tool') {
      const id = String(message['tool_call_id']);
      if (!open.delete(id)) say('orphan_result', `${where}, id ${id}`);
      continue;
    }
    close(where);
    const calls: unknown = message['tool_calls'];
    for (const call of Array.isArray(calls) ? calls.map(fieldsOf) : []) {
      const id = String(call['id']);
      if (seen.has(id)) say('duplicate_id', `${where}, id ${id}`);
      seen.add(id);
      open.add(id);
    }
  }
  close('the end');
}

function checkTools({ say }: Check, { tools, tool_choice }: Fields): void {
  if (tools === undefined) {
    if (tool_choice !== undefined) say('tool_choice', 'tool_choice');
    return;
  }
  const list = Array.isArray(tools) ? tools.map((tool) => fieldsOf(fieldsOf(tool)['function'])) : [];
  if (list.length === 0) say('tools', 'tools');
  const names = list.map((tool) => tool['name']);
  if (new Set(names).size !== names.length) say('tools', 'tools: a name twice');
  for (const { name, parameters } of list) {
    const is_named = typeof name === 'string' && /^[\w-]{1,64}$/u.test(name);
    if (!is_named || fieldsOf(parameters)['type'] !== 'object') say('tools', `tools: ${String(name)}`);
  }
}

/** Half a character can not be read by servers that keep text as UTF-8. */
function checkTexts(check: Check, value: unknown, where: string): void {
  if (typeof value === 'string') {
    if (!value.isWellFormed()) check.say('text', where);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) checkTexts(check, inner, `${where}.${key}`);
  }
}

function isObjectText(text: unknown): boolean {
  if (typeof text !== 'string') return false;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    // Not JSON is the answer here.
    return false;
  }
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}
