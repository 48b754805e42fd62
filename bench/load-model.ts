/**
 * A scripted model in a process of its own that speaks as slowly as a real one: 40 words in about a second. Where it is
 * asked to note a line, it calls `memory_insert` with it. Prints its base URL.
 */
import { type ScriptedRequest, startScriptedModel } from '../test/helpers/scripted-openai.ts';
import { print } from './figures.ts';

const WORDS = 40;
const PAUSE_MS = 25;

const model = await startScriptedModel(
  (request) => {
    const line = /Note: (?<line>\S+)/u.exec(lastWords(request))?.groups?.['line'];
    if (line === undefined) return { kind: 'chunks', chunks: slowWords() };
    const edit = { label: 'human', new_string: line };
    return { kind: 'calls', calls: [{ name: 'memory_insert', arguments: edit }] };
  },
  { keeps: false },
);
print(model.base_url);
process.once('SIGTERM', () => void model.close().then(() => process.exit(0)));

/** What people said last; news of memory may stand behind it. */
function lastWords({ messages }: ScriptedRequest): string {
  const from = messages.findLastIndex(({ role }) => role !== 'user') + 1;
  return messages
    .slice(from)
    .map(({ content }) => content)
    .join('\n');
}

function slowWords(): { text: string; after: Promise<unknown> }[] {
  const start = performance.now();
  return Array.from({ length: WORDS }, (_one, at) => ({
    text: `word${at} `,
    after: new Promise((resolve) =>
      setTimeout(resolve, Math.max(0, start + at * PAUSE_MS - performance.now())),
    ),
  }));
}
