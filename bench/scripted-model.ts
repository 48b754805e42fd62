/**
 * A scripted model in a process of its own: prints its base URL, answers every request with the same 20 words, after an
 * edit of memory where it is asked to remember.
 */
import { type ScriptedRequest, startScriptedModel } from '../test/helpers/scripted-openai.ts';
import { print } from './figures.ts';

const WORDS = 20;
const text = Array.from({ length: WORDS }, (_, index) => `word${index}`).join(' ');

const model = await startScriptedModel(
  (request, index) =>
    asksToRemember(request)
      ? {
          kind: 'calls',
          calls: [{ name: 'memory_insert', arguments: { label: 'human', new_string: `Fact ${index}.` } }],
        }
      : { kind: 'text', text },
  { keeps: false },
);
print(model.base_url);
process.once('SIGTERM', () => void model.close().then(() => process.exit(0)));

function asksToRemember({ messages }: ScriptedRequest): boolean {
  const last = messages.at(-1);
  return last?.role === 'user' && (last.content ?? '').startsWith('Remember');
}
