/** What waits for a person: what it would do, what is known of it, and how it is put in order. */
import { describe, expect, test } from 'vitest';
import { appendText, insertAtLine, replaceEvery, replaceOnly } from '../../electron/memory/text.ts';
import { untilTime } from '../../renderer/messages/time.ts';
import { createReviewStore, waitingOf } from '../../renderer/state/review.ts';
import { createStores } from '../../renderer/state/stores.ts';
import { applyEvent } from '../../renderer/state/sync.ts';
import { applyTalkEvent, joinDraft } from '../../renderer/state/talk-events.ts';
import { pairRows } from '../../renderer/ui/side-diff.tsx';
import { diffWords } from '../../renderer/ui/word-diff.ts';
import { previewCall, readArguments } from '../../renderer/views/review/call-preview.ts';
import { argumentsOf, fieldsOf } from '../../renderer/views/review/edited-arguments.ts';
import { afterwards, groupItems } from '../../renderer/views/review/review-groups.ts';
import type { Client } from '../../shared/client.ts';
import type { Agent } from '../../shared/contract/agents.ts';
import type { Approval, Proposal } from '../../shared/contract/approvals.ts';
import type { Run } from '../../shared/contract/conversations.ts';

const VALUES = ['', 'tea', 'tea\ntea', 'Likes tea.\nLives in Rome.'];
const human = (value: string) => [{ label: 'human', value }];

/** What an edit of the backend gives, or `null` where it refuses. */
function given(edit: () => string): string | null {
  try {
    return edit();
  } catch {
    return null;
  }
}

describe('what a call would do to memory', () => {
  test('is what the tool of the backend does, and a misfit where that refuses', () => {
    const cases = VALUES.flatMap((value) => [
      ['core_memory_append', { content: 'x' }, value, () => appendText(value, 'x')] as const,
      ...['tea', 'Rome', ''].flatMap((old) => [
        [
          'core_memory_replace',
          { old_content: old, new_content: 'y' },
          value,
          () => replaceEvery(value, old, 'y', ''),
        ] as const,
        [
          'memory_replace',
          { old_string: old, new_string: 'y' },
          value,
          () => replaceOnly(value, old, 'y', ''),
        ] as const,
      ]),
      ...[-1, 0, 1, 2, 9].map(
        (line) =>
          [
            'memory_insert',
            { new_string: 'x', insert_line: line },
            value,
            () => insertAtLine(value, 'x', line, ''),
          ] as const,
      ),
    ]);
    for (const [name, args, value, edit] of cases) {
      const after = given(edit);
      const expected =
        after === null
          ? { kind: 'misfit', label: 'human' }
          : { kind: 'edit', label: 'human', before: value, after };
      expect(previewCall(name, { label: 'human', ...args }, human(value))).toEqual(expected);
    }
    expect(cases).toHaveLength(48);
  });

  test('is nothing for other tools, and a misfit without its block', () => {
    expect(previewCall('get_weather', { label: 'human' }, human('x'))).toBeNull();
    expect(previewCall('memory_rethink', { label: 'other', new_memory: 'x' }, human('x'))).toEqual({
      kind: 'misfit',
      label: 'other',
    });
    expect(previewCall('archival_memory_insert', { content: 'x', tags: ['a'] }, [])).toEqual({
      kind: 'entry',
      text: 'x',
      tags: ['a'],
    });
  });
});

test('arguments are read as fields and back; what was a text stays one, and what cannot be read is named', () => {
  const args = { city: 'Rome', days: 3, deep: { a: [1] } };
  const fields = fieldsOf(args);
  expect(fields['city']).toBe('Rome');
  expect(argumentsOf(fields, args)).toEqual({ ok: true, args });
  expect(argumentsOf({ ...fields, city: '3' }, args)).toMatchObject({ args: { city: '3' } });
  expect(argumentsOf({ ...fields, days: 'three' }, args)).toMatchObject({ ok: false, name: 'days' });
  expect(['{"a":1}', '', '[1]', '{"a"'].map(readArguments)).toEqual([{ a: 1 }, {}, null, null]);
});

test('lines that belong together stand level side by side', () => {
  const pairs = pairRows(diffWords('a\nb\nc', 'a\nB\nb2\nc').rows);
  expect(pairs.map(({ left, right }) => [left?.number ?? null, right?.number ?? null])).toEqual([
    [1, 1],
    [2, 2],
    [null, 3],
    [3, 4],
  ]);
});

test('the time to answer is told in the largest fitting unit', () => {
  const at = (minutes: number) => untilTime(new Date(minutes * 60_000).toISOString(), 0);
  expect([0.5, 5, 90, 47 * 60, 7 * 24 * 60].map(at)).toEqual([
    'in less than a minute',
    'in 5 minutes',
    'in 2 hours',
    'in 47 hours',
    'in 7 days',
  ]);
});

const call = (id: string, fields: Partial<Approval> = {}) =>
  ({ id, agent_id: 'agent-1', state: 'pending', created_at: id, decided_at: null, ...fields }) as Approval;
const edit = (id: string, fields: Partial<Proposal> = {}) =>
  ({ id, agent_id: 'agent-1', state: 'pending', created_at: id, decided_at: null, ...fields }) as Proposal;
const agents = [{ id: 'agent-1' }, { id: 'agent-2' }] as Agent[];

test('items stand by agent, the agent with the newest one first, and the next one takes the place of one that goes', () => {
  const item = (each: Approval) => ({
    kind: 'call' as const,
    id: each.id,
    agent_id: each.agent_id,
    call: each,
  });
  const items = [
    call('3'),
    call('1'),
    call('9', { agent_id: 'agent-2' }),
    call('2', { state: 'denied', decided_at: '8' }),
    call('4', { agent_id: 'agent-gone' }),
  ].map(item);
  const waiting = groupItems(items, agents, 'waiting');
  expect(waiting.map((group) => group.items.map(({ id }) => id))).toEqual([['9'], ['1', '3']]);
  expect(['9', '1', '3'].map((id) => afterwards(waiting, id))).toEqual(['1', '3', '1']);
  const decided = groupItems(items, agents, 'decided');
  expect(decided.map((group) => group.items.map(({ id }) => id))).toEqual([['2']]);
});

/** A client that answers lists with what it is given, and nothing else. */
function listing(lists: { approvals: Approval[]; proposals: Proposal[] }): Client {
  return {
    call: (name) =>
      Promise.resolve(
        name === 'approvals.list' ? { approvals: lists.approvals } : { proposals: lists.proposals },
      ) as never,
    subscribe: () => () => undefined,
  };
}

describe('what is known to wait', () => {
  const idsOf = (store: ReturnType<typeof createReviewStore>) =>
    waitingOf(store.getState()).map(({ id }) => id);

  test('is what the last reading told; what was decided stays decided, whatever an older reading says', async () => {
    const lists = { approvals: [call('a'), call('b')], proposals: [edit('p')] };
    const store = createReviewStore(listing(lists));
    await store.getState().load();
    expect(idsOf(store)).toEqual(['a', 'b', 'p']);
    store.getState().put({ approvals: [call('a', { state: 'denied' })] });
    store.getState().put({ approvals: [call('a')] });
    lists.approvals = [call('c')];
    await store.getState().load();
    expect(idsOf(store)).toEqual(['c', 'p']);
    expect(store.getState().approvals['a']?.state).toBe('denied');
  });

  test('follows the events, and goes with its agent', () => {
    const root = { dataset: {} } as HTMLElement;
    const host = { storage: null, session: null, root, systemLanguages: [], askedLanguage: null };
    const stores = createStores(listing({ approvals: [], proposals: [] }), host);
    applyEvent(stores, { type: 'approval.changed', approval: call('a') });
    applyEvent(stores, { type: 'proposal.changed', proposal: edit('p', { agent_id: 'agent-2' }) });
    expect(idsOf(stores.review)).toEqual(['a', 'p']);
    applyEvent(stores, { type: 'approval.changed', approval: call('a', { state: 'approved' }) });
    expect(idsOf(stores.review)).toEqual(['p']);
    applyEvent(stores, { type: 'agent.deleted', agent_id: 'agent-2' });
    expect(idsOf(stores.review)).toEqual([]);
  });
});

test('a run that pauses waits in the talk, and the wait for its provider is over', () => {
  const state = createStores(listing({ approvals: [], proposals: [] }), {
    storage: null,
    session: null,
    root: { dataset: {} } as HTMLElement,
    systemLanguages: [],
    askedLanguage: null,
  }).talk.getState();
  const run = { id: 'run-1', conversation_id: 'conv-1', state: 'waiting' } as Run;
  const open = { ...state, conversation_id: 'conv-1', waiting: { reason: 'x', wait_ms: 1, since: 0 } };
  expect(applyTalkEvent(open, { type: 'run.paused', run }, 0)).toMatchObject({ run, waiting: null });
});

test('a draft that was read goes on with what was heard since, whenever its window came', () => {
  const draft = (text: string, message_id = 'message-1') => ({
    run_id: 'run-1',
    message_id,
    text,
    reasoning: '',
  });
  expect(joinDraft(null, draft('Once upon'))).toEqual(draft('Once upon'));
  expect(joinDraft(draft('Once upon a time'), draft('Once upon'))).toEqual(draft('Once upon a time'));
  expect(joinDraft(draft('upon a time'), draft('Once upon'))).toEqual(draft('Once upon a time'));
  expect(joinDraft(draft(' a'), draft('Once upon'))).toEqual(draft('Once upon a'));
  expect(joinDraft(draft('Other', 'message-2'), draft('Once'))).toEqual(draft('Once'));
  expect(joinDraft(draft('Once'), null)).toBeNull();
});
