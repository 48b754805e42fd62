import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ScriptedModel } from '../../helpers/scripted-openai.ts';
import { startStageModel } from './model.ts';
import { type Cast, writeOldStore, writeTemplate } from './template.ts';

/** Where faults are tried: a model, a store that was lived in to begin with, and folders that go away in the end. */
export type Stage = {
  readonly model: ScriptedModel;
  readonly cast: Cast;
  /** A folder for copies that are looked at. */
  readonly scratch: string;
  /** A new folder with the store that was lived in, or of the first schema. */
  readonly folder: (store?: 'lived in' | 'old' | 'empty') => string;
  /** The conversations of everybody in the cast. */
  readonly talks: readonly string[];
  readonly close: () => Promise<void>;
};

/** Sets the stage. */
export async function setFaultStage(): Promise<Stage> {
  const root = mkdtempSync(join(tmpdir(), 'memoir-faults-'));
  const model = await startStageModel();
  const template = join(root, 'template');
  const cast = await writeTemplate(template, model.base_url);
  let count = 0;
  return {
    model,
    cast,
    scratch: join(root, 'scratch'),
    talks: Object.values(cast).map(({ conversation_id }) => conversation_id),
    folder: (store = 'lived in') => {
      count += 1;
      const folder = join(root, String(count));
      if (store === 'lived in') cpSync(template, folder, { recursive: true });
      else if (store === 'old') writeOldStore(folder);
      return folder;
    },
    close: async () => {
      await model.close();
      rmSync(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
