/** Each damage planted in a real store: found, mended, and the agent answers its next message. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DAMAGES } from './damages.ts';
import { allRows, ask, copyOf, endOfRun, type Patient, raisePatient } from './patient.ts';

let patient: Patient;
beforeAll(async () => {
  patient = await raisePatient(mkdtempSync(join(tmpdir(), 'memoir-patient-')));
});
afterAll(async () => {
  await patient.model.close();
  rmSync(patient.folder, { recursive: true, force: true });
});

test('a sound store has no findings, and a repair leaves every row as it is', async () => {
  const { backend, store } = await copyOf(patient);
  const before = allRows(store);
  const found = await backend.call('doctor.check', {});
  expect(found.findings).toEqual([]);
  expect(found.looked_at).toMatchObject({ conversations: 3, entries: 1 });
  expect(await backend.call('doctor.repair', {})).toMatchObject({ mended: [], backup: null });
  expect(allRows(store)).toEqual(before);
});

/** Findings no repair takes away that keep the agent from answering. */
const SILENT = new Set(['prompt_floor']);

describe('when', () => {
  test.each(DAMAGES)('$name', async ({ sql, finds, leaves = [], shows, wakes }) => {
    const { backend, store, agent_id, conversation_id, model } = await copyOf(patient);
    const named = (text: string): string =>
      text.replaceAll('$talk', `'${conversation_id}'`).replaceAll('$agent', `'${agent_id}'`);
    for (const statement of sql) store.exec(named(statement));

    const found = await backend.call('doctor.check', {});
    expect(found.findings.map(({ kind }) => kind)).toEqual(finds);
    expect(found.findings.every(({ repair, advice }) => (repair === null) === (advice !== null))).toBe(true);

    const woken = wakes === undefined ? null : endOfRun(backend, conversation_id);
    const repair = await backend.call('doctor.repair', {});
    await woken;
    expect(repair.after.findings.map(({ kind }) => kind)).toEqual(leaves);
    expect(finds).toEqual(expect.arrayContaining([...new Set(repair.mended.map(({ kind }) => kind))]));
    expect(repair.backup !== null && existsSync(repair.backup)).toBe(found.repairable > 0);
    const [sql_shown, shown] = shows ?? ['select 1', 1];
    expect(store.prepare(named(sql_shown)).pluck().get()).toEqual(shown);

    const before = allRows(store);
    expect((await backend.call('doctor.repair', {})).mended).toEqual([]);
    expect(allRows(store)).toEqual(before);
    const refused = model.refusals.length;
    const is_silent = leaves.some((kind) => SILENT.has(kind));
    expect(await ask(backend, conversation_id, 'Are you there?')).toBe(is_silent ? 'failed' : 'completed');
    expect(model.refusals.length).toBe(refused);
    expect((await backend.call('doctor.check', {})).findings.map(({ kind }) => kind)).toEqual(leaves);
  });
});

describe('a damage that resists', () => {
  test.each([
    ['with an error', "select raise(abort, 'The row is held.')"],
    ['in silence', 'select raise(ignore)'],
  ])('%s keeps no other from being mended', async (_how, holds) => {
    const { backend, store, agent_id, conversation_id } = await copyOf(patient);
    store.exec(`insert into agent_block values ('${agent_id}', 'block-gone', 9);
      create trigger hold before delete on agent_block begin ${holds}; end;
      update conversation set next_seq = 3 where id = '${conversation_id}'`);
    const { mended, after } = await backend.call('doctor.repair', {});
    expect(mended.map(({ kind }) => kind)).toEqual(['wrong_end_of_talk']);
    const advice = expect.stringContaining('taken back') as string;
    expect(after).toMatchObject({
      repairable: 0,
      findings: [{ kind: 'dangling_link', repair: null, advice }],
    });
    expect(await ask(backend, conversation_id, 'Are you there?')).toBe('completed');
    await expect(backend.call('doctor.repair', {})).rejects.toMatchObject({ code: 'internal' });
  });
});

test('a talk that was just answered goes on with what was mended in it', async () => {
  const { backend, store, conversation_id, model } = await copyOf(patient);
  await ask(backend, conversation_id, 'Good evening!');
  store.exec(`update message set content = '[{"type"', text = 'Mended words'
    where role = 'user' and conversation_id = '${conversation_id}' and text = 'Good evening!'`);
  await backend.call('doctor.repair', {});
  await ask(backend, conversation_id, 'Are you there?');
  const sent = JSON.stringify(model.requests.at(-1)?.messages);
  expect(sent).toContain('Mended words');
  expect(sent).not.toContain('Good evening!');
});

test('an agent that can not be read is listed with the others, and what can be read of it', async () => {
  const { backend, store, agent_id } = await copyOf(patient);
  const { id: other_id } = await backend.call('agents.create', {
    name: 'Other',
    model: 'openai/gpt-4o-mini',
  });
  store.exec(`update agent set context_window_limit = -1, agent_type = 'oracle', tools = '{', tags = '["old"]'
    where id = '${agent_id}'`);
  const { agents } = await backend.call('agents.list', {});
  expect(agents.map(({ id }) => id)).toEqual(expect.arrayContaining([agent_id, other_id]));
  expect(agents.find(({ id }) => id === agent_id)).toMatchObject({
    name: 'Kit',
    context_window_limit: null,
    agent_type: 'letta_v1_agent',
    tools: [],
    tags: ['old'],
  });
  await backend.call('doctor.repair', {});
  expect((await backend.call('agents.get', { agent_id })).tools).toHaveLength(5);
});
