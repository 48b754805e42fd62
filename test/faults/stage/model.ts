import { asksForSummary } from '../../agent/compaction/talk.ts';
import { words } from '../../agent/compaction/window-items.ts';
import {
  type ScriptedAnswer,
  type ScriptedModel,
  type ScriptedRequest,
  startScriptedModel,
} from '../../helpers/scripted-openai.ts';
import { CUES } from './cues.ts';

/** A model over HTTP that does what the last words said to it ask for, and is strict about pairing. */
export function startStageModel(): Promise<ScriptedModel> {
  return startScriptedModel(answer);
}

function answer(request: ScriptedRequest, index: number): ScriptedAnswer {
  if (asksForSummary(request)) return { kind: 'text', text: 'They spoke of tea and of gardens.' };
  const last = request.messages.at(-1);
  const asked = last?.role === 'user' ? (last.content ?? '') : '';
  if (asked.includes(CUES.hang)) return { kind: 'hang', first: 'A beginning ' };
  if (asked.includes(CUES.long)) return { kind: 'chunks', chunks: longChunks(index) };
  if (!asked.includes(CUES.edit)) return { kind: 'text', text: words(60, index) };
  const calls = [
    { name: 'memory_insert', arguments: { label: 'human', new_string: `Fact ${index}` } },
    { name: 'archival_memory_insert', arguments: { content: `Entry ${index}`, tags: ['drill'] } },
  ];
  return { kind: 'calls', calls, text: 'Worth keeping.' };
}

function longChunks(index: number): { readonly text: string }[] {
  return Array.from({ length: 4 }, (_one, part) => ({ text: words(1500, index + part) }));
}
