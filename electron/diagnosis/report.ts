import type { Check, CheckId, CheckState, Diagnosis, Fact } from '../../shared/contract/diagnosis.ts';

const TITLES: Readonly<Record<CheckId, string>> = {
  no_answer: 'Agent not responding',
  memory_not_kept: 'Memory not persisting',
  context_exceeded: 'Context window exceeded',
  empty_search: 'Archival search returns empty',
  slow_answers: 'Slow response times',
  tool_failures: 'Tool execution fails',
  connection: 'Connection refused',
};

const MARKS: Readonly<Record<CheckState, string>> = {
  ok: 'ok       ',
  attention: 'attention',
  trouble: 'TROUBLE  ',
};

/**
 * A diagnosis as plain text to pass on. What was said or remembered is left out, and so are the sentences of rows that
 * may quote it; `redact` takes out keys and the name of the home folder.
 */
export function writeReport(found: Omit<Diagnosis, 'report'>, redact: (text: string) => string): string {
  const head = `Memoir diagnosis of ${found.at}: ${found.state}`;
  const agent = found.agent_id === null ? 'agent: none' : `agent: ${found.agent_id}`;
  return redact([head, agent, ...found.checks.map(rowText)].join('\n'));
}

function rowText(check: Check): string {
  const open = check.facts.filter(({ is_private }) => !is_private);
  const lines = [`${MARKS[check.state]}  ${TITLES[check.id]} (${check.id}: ${check.reason})`];
  if (check.state !== 'ok' && !quotes(check)) lines.push(`  cause: ${check.cause}`);
  if (check.state !== 'ok' && check.cure !== null) lines.push(`  cure: ${check.cure}`);
  if (open.length > 0) lines.push(`  facts: ${open.map(factText).join(', ')}`);
  return lines.join('\n');
}

function quotes({ facts }: Check): boolean {
  return facts.some(({ is_private }) => is_private);
}

function factText({ name, value }: Fact): string {
  return `${name}=${String(value)}`;
}
