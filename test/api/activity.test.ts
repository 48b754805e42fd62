import { describe, expect, test } from 'vitest';
import type { Activity } from '../../shared/contract/activity.ts';
import type { ScriptedAnswer } from '../helpers/scripted-openai.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { steppingClock } from '../helpers/temp-store.ts';
import { asksForSummary } from '../agent/compaction/talk.ts';
import { words as long } from '../agent/compaction/window-items.ts';
import { makeScriptedAgent, openScripted, startModel } from './scripted-backend.ts';

const REMEMBER = {
  kind: 'calls',
  calls: [{ id: 'call_a', name: 'core_memory_append', arguments: { label: 'human', content: 'Likes tea.' } }],
} as const;
const NOTED = { kind: 'text', text: 'Noted.' } as const;
const REFUSED = { kind: 'status', status: 401 } as const;

/** An agent that was told something and remembered it: a message, two steps, one change by itself, two blocks made. */
async function talked(more: readonly ScriptedAnswer[] = [], clock = steppingClock()) {
  const model = await startModel([REMEMBER, NOTED, ...more]);
  const scripted = await openScripted(model, tempDir(), clock);
  const { call } = scripted.backend;
  const agent = await makeScriptedAgent(scripted.backend, {
    tools: ['core_memory_append'],
    blocks: [
      { label: 'persona', value: 'I am Kit.' },
      { label: 'human', value: 'Their name is Ann.' },
    ],
  });
  const run = await scripted.ask(agent.conversation_id, 'I like tea');
  const list = async (input: Parameters<typeof call<'activity.list'>>[1] = {}) =>
    (await call('activity.list', { agent_id: agent.agent_id, ...input })).activities;
  return { ...scripted, ...agent, call, run, list };
}

/** What a thing is, in a word or two. */
function words(activity: Activity): string {
  switch (activity.kind) {
    case 'change':
      return `${activity.change.operation} ${activity.change.label}`;
    case 'step':
      return `step ${activity.step.ord}${activity.outcome === null ? '' : ` ${activity.outcome}`}`;
    case 'message':
      return `said ${activity.message.text}`;
    case 'compaction':
      return `compacted ${activity.summary.stats.trigger}`;
    case 'approval':
      return `asks ${activity.approval.name} ${activity.approval.state}`;
    case 'proposal':
      return `proposes ${activity.proposal.label} ${activity.proposal.state}`;
  }
}

const ALL = ['step 2', 'append human', 'step 1', 'said I like tea', 'create human', 'create persona'];

describe('activity', () => {
  test('tells of messages, steps and changes in one order, the newest first', async () => {
    const { list, agent_id, run, call, conversation_id } = await talked();
    const all = await list();
    expect(all.map(words)).toEqual(ALL);
    expect(all[3]).toEqual({
      kind: 'message',
      at: run.started_at,
      message: {
        id: run.message_id,
        conversation_id,
        agent_id,
        role: 'user',
        name: null,
        text: 'I like tea',
      },
      run: { id: run.id, state: 'completed', error: null, step_count: 2 },
    });
    const [newest] = (await call('changes.list', { agent_id })).changes;
    expect(all[1]).toEqual({ kind: 'change', at: newest?.created_at, change: newest, agent_ids: [agent_id] });
    for (const each of all) {
      const id = each.kind === 'change' ? each.change.id : each.kind === 'step' ? each.step.id : run.id;
      expect(await call('activity.get', { id })).toEqual(each);
    }
  });

  test('comes in pages that leave nothing out, also when all of it happened in one moment', async () => {
    const still = { ...steppingClock(), now: () => '2026-11-21T14:00:00.000000Z' };
    for (const clock of [steppingClock(), still]) {
      const { call, agent_id, list } = await talked([], clock);
      const all = await list();
      for (const limit of [1, 2, 4]) {
        const paged: Activity[] = [];
        let cursor: string | undefined;
        do {
          const page = await call('activity.list', {
            agent_id,
            limit,
            ...(cursor === undefined ? {} : { cursor }),
          });
          paged.push(...page.activities);
          cursor = page.next ?? undefined;
        } while (cursor !== undefined);
        expect(paged, `${limit} at once`).toEqual(all);
      }
    }
  });

  test('can be narrowed to kinds, authors, a time, words and an id', async () => {
    const { list, call, agent_id } = await talked();
    const told = async (input: Parameters<typeof list>[0]): Promise<string[]> =>
      (await list(input)).map(words);
    const all = await list();
    expect(await told({ kinds: ['change'] })).toEqual(['append human', 'create human', 'create persona']);
    expect(await told({ actors: ['agent'] })).toEqual(['step 2', 'append human', 'step 1']);
    expect(await told({ actors: ['user'] })).toEqual(['said I like tea', 'create human', 'create persona']);
    expect(await told({ since: all[2]!.at })).toEqual(ALL.slice(0, 3));
    expect(await told({ query: 'TEA likes' })).toEqual(['append human']);
    expect(await told({ query: 'core_memory' })).toEqual(['step 1']);
    expect(await told({ query: '100%' })).toEqual([]);
    const [, change, step] = all;
    expect(await told({ query: (step as { step: { id: string } }).step.id })).toEqual([
      'append human',
      'step 1',
    ]);
    expect(await told({ query: (change as { change: { id: string } }).change.id })).toEqual(['append human']);
    const { id: other } = await call('agents.create', {
      name: 'Other',
      blocks: [{ label: 'human', value: 'x' }],
    });
    expect((await call('activity.list', { agent_id: other })).activities.map(words)).toEqual([
      'create human',
    ]);
    expect((await call('activity.list', {})).activities.map(words)).toContain('step 2');
    expect(await told({})).toEqual(ALL);
    expect(agent_id).not.toBe(other);
  });

  test('tells a person’s edit with the agents whose memory it was', async () => {
    const { list, call, agent_id } = await talked();
    const { blocks } = await call('blocks.list', { agent_id });
    const { id: other } = await call('agents.create', { name: 'Other', blocks: [] });
    await call('blocks.attach', { block_id: blocks[0]!.id, agent_id: other });
    await call('blocks.update', { block_id: blocks[0]!.id, base_version: 1, value: 'I am Kitty.' });
    const [newest] = await list();
    expect(newest).toMatchObject({
      kind: 'change',
      change: { operation: 'edit', after: 'I am Kitty.' },
      agent_ids: [agent_id, other],
    });
  });

  test('says of a step that failed what came after it, and counts it among the failures', async () => {
    const { list, call, ask, conversation_id, agent_id } = await talked([REFUSED, NOTED, REFUSED]);
    const failed = await ask(conversation_id, 'And coffee');
    expect((await list({ failed: true })).map(words)).toEqual(['step 1 given_up']);
    const since = { from: '2026-01-01', to: '2026-01-02' };
    const later = { from: '2026-01-02', to: '2026-01-03' };
    expect(await call('activity.count', { agent_id, spans: [since, later] })).toEqual({
      counts: [
        { steps: 3, changes: 3, failures: 1 },
        { steps: 0, changes: 0, failures: 0 },
      ],
    });
    expect((await call('activity.count', { agent_id, actors: ['user'], spans: [since] })).counts).toEqual([
      { steps: 0, changes: 2, failures: 0 },
    ]);
    await call('runs.resume', { run_id: failed.id });
    await expect.poll(async () => (await list({ failed: true })).map(words)).toEqual(['step 1 worked']);
    expect(await call('activity.list', { agent_id, failed: true, kinds: ['change'] })).toEqual({
      activities: [],
      next: null,
    });
  });

  test('tells what an agent asked, and what became of it', async () => {
    const { list, call, ask, agent_id, conversation_id } = await talked([REMEMBER, NOTED]);
    const { blocks } = await call('blocks.list', { agent_id });
    const human = blocks.find(({ label }) => label === 'human')!;
    await call('blocks.update', { block_id: human.id, base_version: human.version, review: true });
    await ask(conversation_id, 'I like tea');
    const pending = (await list()).find(({ kind }) => kind === 'proposal');
    expect(pending).toMatchObject({ proposal: { label: 'human', state: 'pending' } });
    const { proposals } = await call('proposals.list', { agent_id });
    await call('proposals.decide', { proposal_id: proposals[0]!.id, decision: 'reject' });
    expect((await list({ kinds: ['proposal', 'approval'] })).map(words)).toEqual(['proposes human rejected']);
  });

  test('tells a compaction in its own numbers, with the step that asked for its summary', async () => {
    const model = await startModel((request) =>
      asksForSummary(request)
        ? { kind: 'text', text: 'They spoke of tea.' }
        : { kind: 'text', text: long(500, 2) },
    );
    const { backend, ask, events } = await openScripted(model, tempDir(), steppingClock());
    const { agent_id, conversation_id } = await makeScriptedAgent(backend, { context_window_limit: 8192 });
    const isCompacted = (): boolean =>
      events.some((event) => event.type === 'window.changed' && event.summary !== null);
    for (let turn = 1; turn <= 12 && !isCompacted(); turn += 1) await ask(conversation_id, long(8000, turn));
    const { summaries } = await backend.call('summaries.list', { conversation_id });
    const { text: _text, in_window: _seen, ...summary } = summaries[0]!;
    const { steps } = await backend.call('steps.list', { conversation_id });
    const { activities } = await backend.call('activity.list', { agent_id, kinds: ['compaction', 'step'] });
    expect(activities.filter(({ kind }) => kind === 'compaction')).toEqual([
      {
        kind: 'compaction',
        at: summary.created_at,
        agent_id,
        summary,
        step_id: steps.find(({ kind }) => kind === 'compaction')!.id,
      },
    ]);
    expect(activities.filter((each) => each.kind === 'step' && each.step.kind === 'compaction')).toEqual([]);
  });
});
