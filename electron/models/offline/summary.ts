import type { ModelRequest } from '../model.ts';

const LONGEST_LINE = 160;
const MOST_LINES = 30;

/** Whether a request asks for a summary of past talk (compaction does) rather than for an answer in it. */
export function isSummaryRequest(request: ModelRequest): boolean {
  const [first] = request.messages;
  return (
    request.tools.length === 0 &&
    first?.role === 'system' &&
    /\bsummar(?:y|ize|ise)/iu.test(first.content.slice(0, 2000)) &&
    !first.content.includes('<memory_blocks>')
  );
}

/** Summarises by quoting: the last lines of what is to be summarised, each cut short. A demo can honestly do no more. */
export function summarize(request: ModelRequest): string {
  const lines = request.messages
    .filter((message) => message.role !== 'system')
    .flatMap((message) => (message.content ?? '').split('\n'))
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const kept = lines.slice(-MOST_LINES).map((line) => `- ${line.slice(0, LONGEST_LINE)}`);
  return `Earlier in this conversation (quoted by the offline demo model, ${lines.length} lines in all):\n${kept.join('\n')}`;
}
