import { expect, test } from 'vitest';
import { policiesOfRules, rulesOfPolicies } from '../../shared/tool-rules.ts';
import { lettaAgent, lettaFile } from './letta-file.ts';
import { openStage } from './stage.ts';

const asks = (tool_name: string) => ({ tool_name, type: 'requires_approval', prompt_template: null });
const ends = { tool_name: 'send_message', type: 'exit_loop', prompt_template: null };
const tool = (id: string, name: string, more: object = {}) => ({
  id,
  name,
  tool_type: 'custom',
  source_code: null,
  ...more,
});

type Exported = { agents: { tool_rules: unknown }[] };

async function importFile(tool_rules: unknown[], tools: { id: string }[]) {
  const { call } = await openStage();
  const agents = [{ ...lettaAgent, tool_rules, tool_ids: tools.map(({ id }) => id) }];
  const text = JSON.stringify({ ...lettaFile, agents, tools });
  const { agent_ids } = await call('agents.import', { text });
  const agent_id = agent_ids[0] ?? '';
  const rules = async (): Promise<unknown> => {
    const exported = await call('agents.export', { agent_id });
    return (JSON.parse(exported.text) as Exported).agents[0]?.tool_rules;
  };
  return { call, agent_id, rules };
}

test('tools that require approval in a Letta file ask here, and the rules go back as they came', async () => {
  const came = [asks('send_money'), ends, { type: 'odd' }, 'no rule'];
  const tools = [tool('tool-0', 'send_money'), tool('tool-1', 'dig', { default_requires_approval: true })];
  const { call, agent_id, rules } = await importFile(came, tools);
  const { tool_policies } = await call('agents.get', { agent_id });
  expect(tool_policies).toEqual({ send_money: 'ask', dig: 'ask' });
  expect(await rules()).toEqual(came);
});

test('what is decided here goes out as rules: one that no longer asks is gone, another comes last', async () => {
  const came = [asks('send_money'), ends];
  const { call, agent_id, rules } = await importFile(came, [
    tool('tool-0', 'send_money'),
    tool('tool-1', 'dig'),
  ]);
  await call('agents.update', { agent_id, tool_policies: { dig: 'ask', send_money: 'automatic' } });
  expect(await rules()).toEqual([ends, asks('dig')]);
});

test('rules and policies map both ways', () => {
  expect(policiesOfRules([asks('a'), ends, null, asks('__proto__')], { b: 'ask', c: 'automatic' })).toEqual(
    Object.fromEntries([
      ['c', 'automatic'],
      ['a', 'ask'],
      ['__proto__', 'ask'],
    ]),
  );
  expect(rulesOfPolicies([asks('a'), asks('b')], { b: 'ask', c: 'ask', d: 'ask' }, new Set(['d']))).toEqual([
    asks('b'),
    asks('c'),
  ]);
});
