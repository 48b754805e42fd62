import type { ToolPolicy } from './contract/agents.ts';

type Policies = Readonly<Record<string, ToolPolicy>>;
type Rule = Readonly<Record<string, unknown>>;

const ASKS = 'requires_approval';

/**
 * The tool policies that Letta's tool rules mean: every tool with a `requires_approval` rule asks, the others that asked
 * in `current` no longer do. Other policies stay.
 */
export function policiesOfRules(
  rules: readonly unknown[],
  current: Policies = {},
): Record<string, ToolPolicy> {
  const kept = Object.entries(current).filter(([, policy]) => policy !== 'ask');
  const asking = rules.flatMap((rule) => {
    const name = askingTool(rule);
    return name === null ? [] : [[name, 'ask'] as const];
  });
  return Object.fromEntries([...kept, ...asking]);
}

/**
 * Letta's tool rules for tool policies: `rules` as they came, in their order, without those that ask for a tool that no
 * longer asks, and with one for each tool that asks and has none. `implied` names tools that ask without a rule.
 */
export function rulesOfPolicies(
  rules: readonly unknown[],
  policies: Policies,
  implied: ReadonlySet<string> = new Set(),
): unknown[] {
  const kept = rules.filter((rule) => {
    const name = askingTool(rule);
    return name === null || asks(policies, name);
  });
  const named = new Set(kept.map(askingTool));
  const missing = Object.keys(policies).filter(
    (name) => asks(policies, name) && !named.has(name) && !implied.has(name),
  );
  return [...kept, ...missing.map((tool_name) => ({ tool_name, type: ASKS, prompt_template: null }))];
}

function asks(policies: Policies, name: string): boolean {
  return Object.hasOwn(policies, name) && policies[name] === 'ask';
}

function askingTool(rule: unknown): string | null {
  if (typeof rule !== 'object' || rule === null) return null;
  const { type, tool_name } = rule as Rule;
  return type === ASKS && typeof tool_name === 'string' ? tool_name : null;
}
