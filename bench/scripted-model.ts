/** A scripted model in a process of its own: prints its base URL, answers every request with the same 20 words. */
import { startScriptedModel } from '../test/helpers/scripted-openai.ts';
import { print } from './figures.ts';

const WORDS = 20;
const text = Array.from({ length: WORDS }, (_, index) => `word${index}`).join(' ');

const model = await startScriptedModel(() => ({ kind: 'text', text }));
print(model.base_url);
process.once('SIGTERM', () => void model.close().then(() => process.exit(0)));
