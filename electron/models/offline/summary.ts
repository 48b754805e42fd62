import type { ModelRequest } from '../model.ts';

const LONGEST_LINE = 160;
const MOST_LINES = 30;
const MOST_EARLIER = 12;

/** Whether a request asks for a summary of past talk (compaction does) rather than for an answer in it. */
export function isSummaryRequest(request: ModelRequest): boolean {
  const last = request.messages.at(-1);
  if (last?.role === 'user' && last.content.startsWith('<summary_request>')) return true;
  const [first] = request.messages;
  return (
    request.tools.length === 0 &&
    first?.role === 'system' &&
    /\bsummar(?:y|ize|ise)/iu.test(first.content.slice(0, 2000)) &&
    !first.content.includes('<memory_blocks>')
  );
}

/**
 * Summarises by quoting: the last lines of an earlier summary, then the last lines of what is to be summarised, each cut
 * short. A demo can honestly do no more.
 */
export function summarize(request: ModelRequest): string {
  const said = request.messages
    .filter((message) => message.role !== 'system')
    .map((message) => message.content ?? '')
    .filter((content) => !content.startsWith('<summary_request>'));
  const earlier = said.flatMap((text) =>
    [...text.matchAll(EARLIER)].flatMap((match) => linesOf(match[1] ?? match[2] ?? '').filter(isQuoted)),
  );
  const lines = said.flatMap((text) => linesOf(text.replaceAll(EARLIER, '')));
  const quoted = lines.slice(-MOST_LINES).map((line) => `- ${line.slice(0, LONGEST_LINE)}`);
  const head = `Earlier in this conversation (quoted by the offline demo model, ${lines.length} lines in all):`;
  return [head, ...earlier.slice(-MOST_EARLIER), ...quoted].join('\n');
}

const EARLIER =
  /<earlier_summary>([\s\S]*?)<\/earlier_summary>|<conversation_summary>([\s\S]*?)<\/conversation_summary>/gu;
const TAG = /^<\/?conversation>$/u;

function isQuoted(line: string): boolean {
  return line.startsWith('- ');
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !TAG.test(line));
}
