import { describe, expect, test } from 'vitest';
import type { Backend } from '../../electron/backend.ts';
import type { Block } from '../../shared/contract/blocks.ts';
import { REVIEW_ARCHIVE, REVIEW_EXTERNAL } from '../../electron/memory/propose.ts';
import { createToolRegistry } from '../../electron/tools/registry.ts';
import { setStage } from '../agent/stage.ts';
import type { Script, ScriptedAnswer, ScriptedCall } from '../helpers/scripted-openai.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { makeScriptedAgent, openScripted, type ScriptedBackend, startModel } from './scripted-backend.ts';

const say = (text: string): ScriptedAnswer => ({ kind: 'text', text });
const insert = (new_string: string): ScriptedCall => ({
  name: 'memory_insert',
  arguments: { label: 'human', new_string },
});
const replace = (old_string: string, new_string: string): ScriptedCall => ({
  name: 'memory_replace',
  arguments: { label: 'human', old_string, new_string },
});
const calls = (...made: ScriptedCall[]): ScriptedAnswer => ({
  kind: 'calls',
  calls: made,
  text: 'Worth keeping.',
});

type Reviewed = ScriptedBackend & {
  readonly agent_id: string;
  readonly conversation_id: string;
  readonly block: Block;
  readonly block_id: string;
  readonly value: () => Promise<string>;
};

async function reviewed(script: Script): Promise<Reviewed> {
  const scripted = await openScripted(await startModel(script));
  const { call } = scripted.backend;
  const ids = await makeScriptedAgent(scripted.backend);
  const made = { label: 'human', value: 'Likes tea.\nLives in Rome.', review: true, agent_id: ids.agent_id };
  const block = await call('blocks.create', made);
  const value = async (): Promise<string> => (await call('blocks.get', { block_id: block.id })).value;
  return { ...scripted, ...ids, block, block_id: block.id, value };
}

const pendingOf = async ({ call }: Backend) => (await call('proposals.list', {})).proposals;
const time = expect.stringMatching(/^\d{4}-.*Z$/) as string;
const id = (prefix: string) => expect.stringMatching(new RegExp(`^${prefix}-[0-9a-f-]{36}$`)) as string;

describe("an agent's edit of a reviewed block", () => {
  test('becomes a proposal, whole, and not memory; the model is told so and reads the old text', async () => {
    const stage = await reviewed([
      calls(insert('Name: Kit')),
      calls(replace('Name: Kit', 'Name: Kim')),
      say('Ok.'),
    ]);
    const { backend, agent_id, conversation_id, block, model } = stage;
    const run = await stage.ask(conversation_id, 'I am Kit');
    expect(run.state).toBe('completed');
    const { messages, proposals, changes } = await backend.call('messages.list', { conversation_id });
    const call = messages[1]?.tool_calls[0];
    expect(await pendingOf(backend)).toEqual([
      {
        id: id('proposal'),
        agent_id,
        conversation_id,
        kind: 'block',
        target_id: block.id,
        label: 'human',
        tags: [],
        operation: 'insert',
        base_version: 1,
        before: 'Likes tea.\nLives in Rome.',
        after: 'Likes tea.\nLives in Rome.\nName: Kit',
        edited: null,
        state: 'pending',
        actor: 'agent',
        run_id: run.id,
        step_id: messages[1]?.step_id,
        tool_call_id: call?.tool_call_id,
        message_id: messages[0]?.id,
        reason: 'Worth keeping.',
        trust: 'model_inference',
        answer: null,
        change_id: null,
        created_at: time,
        decided_at: null,
      },
    ]);
    expect(proposals).toEqual(await pendingOf(backend));
    expect(changes).toEqual([]);
    expect(await stage.value()).toBe(block.value);
    expect(messages[2]).toMatchObject({ role: 'tool', tool_status: 'success' });
    expect(messages[2]?.text).toContain('It is NOT in memory');
    expect(messages[4]).toMatchObject({ role: 'tool', tool_status: 'error' });
    expect(model.requests[2]?.messages[0]?.content).not.toContain('Name: Kit');
    expect(stage.events.filter(({ type }) => /^(?:proposal|memory|block)\./u.test(type))).toMatchObject([
      { type: 'block.changed' },
      { type: 'memory.changed' },
      { type: 'proposal.changed', proposal: { state: 'pending' } },
    ]);
  });

  test('made again while it waits stays one proposal', async () => {
    const stage = await reviewed([calls(insert('Name: Kit'), insert('Name: Kit')), say('Ok.')]);
    await stage.ask(stage.conversation_id, 'I am Kit');
    expect(await pendingOf(stage.backend)).toHaveLength(1);
  });

  test('is a change at once when a person or a program makes it, and when review is off again', async () => {
    const stage = await reviewed([calls(insert('Name: Kit')), say('Ok.')]);
    const { backend, block_id } = stage;
    const edited = await backend.call('blocks.update', { block_id, value: 'New' }, { actor: 'api' });
    expect(edited).toMatchObject({ value: 'New', review: true, version: 2 });
    await backend.call('blocks.update', { block_id, review: false });
    await stage.ask(stage.conversation_id, 'I am Kit');
    expect(await stage.value()).toBe('New\nName: Kit');
    expect(await pendingOf(backend)).toEqual([]);
  });

  test('over the limit is refused, not proposed', async () => {
    const stage = await reviewed([calls(insert('x'.repeat(200_000))), say('Ok.')]);
    await stage.ask(stage.conversation_id, 'Much');
    expect(await pendingOf(stage.backend)).toEqual([]);
  });
});

describe('accepting', () => {
  test('writes the change with what caused it, once, and the agent reads of it', async () => {
    const stage = await reviewed([calls(insert('Name: Kit')), say('Ok.'), say('I know.')]);
    const { backend, conversation_id, block_id } = stage;
    const run = await stage.ask(conversation_id, 'I am Kit');
    const [proposal] = await pendingOf(backend);
    const accept = { proposal_id: proposal?.id ?? '', decision: 'accept' } as const;
    const decided = await backend.call('proposals.decide', accept);
    const change = {
      id: id('change'),
      kind: 'block',
      target_id: block_id,
      label: 'human',
      agent_id: stage.agent_id,
      version: 2,
      operation: 'insert',
      before: 'Likes tea.\nLives in Rome.',
      after: 'Likes tea.\nLives in Rome.\nName: Kit',
      actor: 'agent',
      run_id: run.id,
      step_id: proposal?.step_id,
      tool_call_id: proposal?.tool_call_id,
      message_id: proposal?.message_id,
      conversation_id,
      reason: 'Worth keeping. (accepted by user)',
      trust: 'model_inference',
      undoes: null,
      undone_by: null,
      created_at: time,
    };
    expect(decided).toEqual({
      proposal: { ...proposal, state: 'accepted', change_id: decided.change?.id, decided_at: time },
      change,
    });
    expect(await backend.call('proposals.decide', accept)).toEqual(decided);
    const other = backend.call('proposals.decide', { ...accept, text: 'Name: Ada' });
    await expect(other).rejects.toMatchObject({ code: 'conflict' });
    await expect(backend.call('proposals.decide', { ...accept, decision: 'reject' })).rejects.toMatchObject({
      code: 'conflict',
    });
    const { changes } = await backend.call('blocks.history', { block_id });
    expect(changes).toHaveLength(2);
    await stage.ask(conversation_id, 'Who am I?');
    const last = stage.model.requests.at(-1)?.messages ?? [];
    expect(last.at(-1)?.content).toContain('Who am I?');
    expect(last.at(-2)?.content).toMatch(
      /^<system_note>\nThe person accepted the edit of human you proposed\. It is in memory now\.\n<\/system_note>\n<memory_update>[\s\S]*Name: Kit/u,
    );
    await stage.ask(conversation_id, 'And again?');
    const notes = stage.model.requests
      .at(-1)
      ?.messages.filter(({ content }) => content?.includes('you proposed'));
    expect(notes).toHaveLength(1);
    expect(stage.model.refusals).toEqual([]);
  });

  test('merges with what came since', async () => {
    const stage = await reviewed([calls(replace('tea', 'coffee')), say('Ok.')]);
    await stage.ask(stage.conversation_id, 'Coffee');
    await stage.backend.call('blocks.update', {
      block_id: stage.block_id,
      value: 'Likes tea.\nLives in Bonn.',
    });
    const [proposal] = await pendingOf(stage.backend);
    await stage.backend.call('proposals.decide', { proposal_id: proposal?.id ?? '', decision: 'accept' });
    expect(await stage.value()).toBe('Likes coffee.\nLives in Bonn.');
  });

  test('is a conflict with all texts where the same line changed, and can be taken by a text on the newest version', async () => {
    const stage = await reviewed([calls(replace('tea', 'coffee')), say('Ok.')]);
    const { backend, block_id } = stage;
    await stage.ask(stage.conversation_id, 'Coffee');
    await backend.call('blocks.update', { block_id, value: 'Likes milk.\nLives in Rome.' });
    const [proposal] = await pendingOf(backend);
    const accept = { proposal_id: proposal?.id ?? '', decision: 'accept' } as const;
    await expect(backend.call('proposals.decide', accept)).rejects.toMatchObject({
      code: 'conflict',
      details: {
        block_id,
        current: 'Likes milk.\nLives in Rome.',
        base: 'Likes tea.\nLives in Rome.',
        yours: 'Likes coffee.\nLives in Rome.',
        version: 2,
      },
    });
    expect(await pendingOf(backend)).toEqual([proposal]);
    const text = 'Likes milk and coffee.\nLives in Rome.';
    const decided = await backend.call('proposals.decide', { ...accept, text, base_version: 2 });
    expect(decided.proposal).toMatchObject({ state: 'accepted', edited: text });
    expect(decided.change?.reason).toBe('Worth keeping. (accepted by user with changes)');
    expect(await stage.value()).toBe(text);
  });

  test('of two edits of one text keeps both', async () => {
    const stage = await reviewed([calls(insert('One'), insert('Two')), say('Ok.')]);
    await stage.ask(stage.conversation_id, 'Both');
    for (const { id: proposal_id } of await pendingOf(stage.backend)) {
      await stage.backend.call('proposals.decide', { proposal_id, decision: 'accept' });
    }
    expect(await stage.value()).toBe('Likes tea.\nLives in Rome.\nOne\nTwo');
    const newest = { states: ['accepted' as const], newest_first: true, limit: 1 };
    const { proposals } = await stage.backend.call('proposals.list', newest);
    expect(proposals.map(({ after }) => after)).toEqual(['Likes tea.\nLives in Rome.\nTwo']);
  });

  test('of a block that was detached meanwhile does not tell the agent that its memory holds it', async () => {
    const stage = await reviewed([calls(insert('One')), say('Ok.'), say('Hm.')]);
    const { backend, agent_id, block_id, conversation_id } = stage;
    await stage.ask(conversation_id, 'One');
    const [proposal] = await pendingOf(backend);
    await backend.call('blocks.detach', { agent_id, block_id });
    await backend.call('proposals.decide', { proposal_id: proposal?.id ?? '', decision: 'accept' });
    expect(await stage.value()).toContain('One');
    await stage.ask(conversation_id, 'And now?');
    expect(stage.model.requests.at(-1)?.messages.at(-2)?.content).toBe(
      '<system_note>\nThe person accepted the edit of human you proposed. The block human is detached from you ' +
        'meanwhile, so you do not see it.\n</system_note>',
    );
  });

  test('of a block in the trash is a conflict', async () => {
    const stage = await reviewed([calls(insert('One')), say('Ok.')]);
    await stage.ask(stage.conversation_id, 'One');
    const [proposal] = await pendingOf(stage.backend);
    await stage.backend.call('blocks.delete', { block_id: stage.block_id });
    await expect(
      stage.backend.call('proposals.decide', { proposal_id: proposal?.id ?? '', decision: 'accept' }),
    ).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('in the trash') as string });
  });
});

describe('rejecting', () => {
  test('keeps nothing and gives the agent the reason at its next request', async () => {
    const stage = await reviewed([calls(insert('Name: Kit')), say('Ok.'), say('Fine.')]);
    const { backend, conversation_id, block_id, block } = stage;
    await stage.ask(conversation_id, 'I am Kit');
    const [proposal] = await pendingOf(backend);
    const reject = { proposal_id: proposal?.id ?? '', decision: 'reject', reason: 'Not my name' } as const;
    expect(await backend.call('proposals.decide', reject)).toEqual({
      proposal: { ...proposal, state: 'rejected', answer: 'Not my name', decided_at: time },
      change: null,
    });
    expect(await backend.call('blocks.get', { block_id })).toEqual(block);
    await stage.ask(conversation_id, 'Hm');
    const note = stage.model.requests.at(-1)?.messages.at(-2)?.content;
    expect(note).toContain('The person rejected the edit of human you proposed; memory stays as it was.');
    expect(note).toContain('Their words: Not my name');
    expect((await backend.call('proposals.list', { states: ['rejected'] })).proposals).toHaveLength(1);
  });
});

test('proposals and their decisions outlive a restart, the news of them too', async () => {
  const model = await startModel([calls(insert('Name: Kit'), insert('Age: 7')), say('Ok.'), say('Fine.')]);
  const folder = tempDir();
  const first = await openScripted(model, folder);
  const { agent_id, conversation_id } = await makeScriptedAgent(first.backend);
  await first.backend.call('blocks.create', { label: 'human', value: 'Tea.', review: true, agent_id });
  await first.ask(conversation_id, 'I am Kit');
  const before = await pendingOf(first.backend);
  await first.backend.call('proposals.decide', { proposal_id: before[0]?.id ?? '', decision: 'reject' });
  await first.backend.close();
  const second = await openScripted(model, folder);
  expect(await pendingOf(second.backend)).toEqual(before.slice(1));
  await second.ask(conversation_id, 'Hm');
  expect(model.requests.at(-1)?.messages.at(-2)?.content).toContain('rejected the edit of human');
});

test('review is a setting of the block with versions: undone, merged, and kept through a change from before it', async () => {
  const { backend, block_id } = await reviewed([]);
  const off = await backend.call('blocks.update', { block_id, review: false });
  const text = await backend.call('blocks.update', { block_id, base_version: 1, description: 'About them' });
  expect(text).toMatchObject({ review: false, description: 'About them', version: 3 });
  const { changes } = await backend.call('blocks.history', { block_id });
  const undone = await backend.call('changes.undo', { change_id: changes[1]?.id ?? '' });
  expect(undone.block).toMatchObject({ review: true, description: 'About them', version: 4 });
  expect(off.review).toBe(false);
});

test('versions written before blocks could be reviewed read as not reviewed', async () => {
  const stage = await setStage([]);
  const { database, block_id } = stage;
  const { getBlockVersion } = await import('../../electron/store/memory-versions.ts');
  const row = await database.read.selectFrom('block_version').selectAll().executeTakeFirstOrThrow();
  const { review: _, ...old } = JSON.parse(row.settings) as Record<string, unknown>;
  await database.transaction((tx) =>
    tx
      .updateTable('block_version')
      .set({ settings: JSON.stringify(old) })
      .execute(),
  );
  expect((await getBlockVersion(database.read, block_id, 1))?.settings).toEqual({ ...old, review: false });
});

test('an agent whose archive is reviewed proposes its entries; one accepted is filed with its tags', async () => {
  const file: ScriptedCall = {
    name: 'archival_memory_insert',
    arguments: { content: 'Kit likes tulips', tags: ['garden'] },
  };
  const stage = await reviewed([calls(file, file), say('Ok.'), say('Fine.')]);
  const { backend, agent_id, conversation_id } = stage;
  await backend.call('agents.update', { agent_id, metadata: { [REVIEW_ARCHIVE]: true } });
  await stage.ask(conversation_id, 'Tulips');
  const list = async () => (await backend.call('archive.list', { agent_id })).passages;
  expect(await list()).toEqual([]);
  const [proposal, ...more] = await pendingOf(backend);
  expect(more).toEqual([]);
  expect(proposal).toMatchObject({
    kind: 'passage',
    label: 'Kit likes tulips',
    tags: ['garden'],
    operation: 'create',
    base_version: 0,
    before: null,
    after: 'Kit likes tulips',
  });
  const accept = { proposal_id: proposal?.id ?? '', decision: 'accept' } as const;
  const { change } = await backend.call('proposals.decide', accept);
  expect(change).toMatchObject({
    kind: 'passage',
    actor: 'agent',
    reason: 'Worth keeping. (accepted by user)',
  });
  await backend.call('proposals.decide', accept);
  expect(await list()).toMatchObject([{ text: 'Kit likes tulips', tags: ['garden'] }]);
  await stage.ask(conversation_id, 'And?');
  expect(stage.model.requests.at(-1)?.messages.at(-2)?.content).toContain(
    'The person accepted the archive entry "Kit likes tulips" you proposed. It is in memory now.',
  );
});

test('an agent that asks for it proposes what it writes after reading what came from outside', async () => {
  const registry = createToolRegistry();
  const fetching = { ...registry.get('conversation_search')!, effect: 'external' as const };
  const tools = {
    ...registry,
    get: (name: string) => (name === 'conversation_search' ? fetching : registry.get(name)),
  };
  const look: ScriptedCall = { name: 'conversation_search', arguments: { query: 'x' } };
  const stage = await setStage(
    [calls(insert('Before')), calls(look), calls(insert('After')), say('Ok.')],
    { metadata: { [REVIEW_EXTERNAL]: true } },
    tools,
  );
  const { inbox_id } = await stage.runtime.send(stage.conversation_id, { text: 'Look', otid: 'a' });
  await stage.runtime.waitFor(inbox_id);
  const proposals = await stage.database.read.selectFrom('proposal').select(['after', 'trust']).execute();
  expect(proposals).toEqual([{ after: 'Likes tea.\nBefore\nAfter', trust: 'tool_output_external' }]);
});
