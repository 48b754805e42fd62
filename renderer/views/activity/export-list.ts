import type { Activity } from '../../../shared/contract/activity.ts';
import type { MemoryChange } from '../../../shared/contract/blocks.ts';
import type { Step } from '../../../shared/contract/steps.ts';
import { dayOf, secondsTime } from '../../messages/time.ts';
import { formatNumber, t } from '../../messages/t.ts';
import type { Stores } from '../../state/stores.ts';
import { saveText } from '../transfer/save-text.ts';
import { inputOf, type ActivityFilter } from './activity-state.ts';
import { actOf } from './change-row.tsx';
import { tokensWords } from './compaction-row.tsx';
import { speakerOf } from './message-row.tsx';

/** Things a file holds at most; more are not read, and the file says so. */
const MOST_THINGS = 10_000;
/** Things read at once. */
const PAGE = 200;

/** Saves what a filter shows as a file: the things themselves as JSON, or a line each as Markdown. */
export async function exportList(stores: Stores, filter: ActivityFilter, form: 'json' | 'md'): Promise<void> {
  const { activities, is_whole } = await readAll(stores, filter);
  const name = `memoir-activity-${dayOf(new Date().toISOString())}.${form}`;
  const text =
    form === 'json'
      ? `${JSON.stringify({ exported_at: new Date().toISOString(), filter, is_whole, activities }, null, 2)}\n`
      : markdownOf(stores, activities);
  saveText(name, text, document);
  const words = is_whole ? 'activity.exported' : 'activity.exportedPart';
  stores.toast.getState().show(t(words, { count: activities.length }));
}

async function readAll(
  { client }: Stores,
  filter: ActivityFilter,
): Promise<{ activities: Activity[]; is_whole: boolean }> {
  const input = inputOf(filter, Date.now());
  const activities: Activity[] = [];
  let cursor: string | null = null;
  do {
    const page: { activities: Activity[]; next: string | null } = await client.call('activity.list', {
      ...input,
      limit: PAGE,
      ...(cursor === null ? {} : { cursor }),
    });
    activities.push(...page.activities);
    cursor = page.next;
  } while (cursor !== null && activities.length < MOST_THINGS);
  return { activities, is_whole: cursor === null };
}

function markdownOf(stores: Stores, activities: readonly Activity[]): string {
  const lines = [`# ${t('nav.activity')}`];
  let day = '';
  for (const activity of activities) {
    const next = dayOf(activity.at);
    if (next !== day) lines.push('', `## ${next}`, '');
    day = next;
    lines.push(`- ${secondsTime(activity.at)} ${lineOf(stores, activity)}`);
  }
  return `${lines.join('\n')}\n`;
}

/** One thing on one line, much as the list says it, with its id. */
function lineOf(stores: Stores, activity: Activity): string {
  const agentOf = (id: string | null): string => {
    const agent = stores.agents.getState().agents.find((each) => each.id === id);
    return bold(agent?.name ?? t('activity.agentGone'));
  };
  switch (activity.kind) {
    case 'change':
      return changeLine(activity.change, agentOf);
    case 'step':
      return stepLine(activity.step, agentOf);
    case 'compaction': {
      const { summary, agent_id } = activity;
      const words = t('activity.compacted', { who: agentOf(agent_id) });
      return `${words} ${tokensWords(summary)} (${summary.id})`;
    }
    case 'message': {
      const { message } = activity;
      const words = t('activity.said', { who: bold(speakerOf(message)), agent: agentOf(message.agent_id) });
      return `${words} ${oneLine(message.text)} (${message.id})`;
    }
    case 'approval': {
      const { agent_id, name, state, id } = activity.approval;
      const words = t('activity.asks.run', { who: agentOf(agent_id), label: bold(name) });
      return `${words}, ${t(`activity.asked.${state}`)} (${id})`;
    }
    case 'proposal': {
      const { agent_id, label, state, id } = activity.proposal;
      const words = t('activity.asks.change', { who: agentOf(agent_id), label: bold(label) });
      return `${words}, ${t(`activity.asked.${state}`)} (${id})`;
    }
  }
}

type AgentOf = (agent_id: string | null) => string;

function changeLine(change: MemoryChange, agentOf: AgentOf): string {
  const { actor } = change;
  const who = actor === 'system' ? t('app') : t(`activity.author.${actor}`);
  const words = t(actOf(change), {
    who: actor === 'agent' ? agentOf(change.agent_id) : bold(who),
    label: bold(change.label),
  });
  return `${words} (${change.id})`;
}

function stepLine(step: Step, agentOf: AgentOf): string {
  const { usage, error, tools } = step;
  const words = t(error === null ? 'activity.step' : 'activity.stepFailed', {
    who: agentOf(step.agent_id),
    step: step.ord,
  });
  const tokens =
    usage === null
      ? null
      : t('activity.tokens', {
          input: formatNumber(usage.prompt_tokens),
          output: formatNumber(usage.completion_tokens),
        });
  const rest = [...tools, tokens, error === null ? null : oneLine(error.message)];
  return `${words} ${rest.filter((part) => part !== null).join(', ')} (${step.id})`;
}

function bold(words: string): string {
  return `**${oneLine(words)}**`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/gu, ' ').trim();
}
