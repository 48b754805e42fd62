import { expect, onTestFinished } from 'vitest';
import { type Backend, openBackend } from '../../electron/backend.ts';
import type { SecretStore } from '../../electron/secret-store.ts';
import type { OutputOf } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { MemoirEvent } from '../../shared/events.ts';
import { type Script, type ScriptedModel, startScriptedModel } from '../helpers/scripted-openai.ts';
import { tempDir } from '../helpers/temp-dir.ts';

/** A key that must be found nowhere. */
export const CANARY = 'sk-canary-0000-1111-2222-WXYZ';

/** A backend and what it said. */
export type Opened = {
  readonly backend: Backend;
  readonly call: Backend['call'];
  readonly events: MemoirEvent[];
  readonly log: string[];
  readonly dataDir: string;
};

/** Opens a backend that closes with the test. */
export async function open(
  env: Record<string, string> = {},
  more: { dataDir?: string; secrets?: SecretStore; fetch?: typeof fetch } = {},
): Promise<Opened> {
  const log: string[] = [];
  const dataDir = more.dataDir ?? tempDir();
  const backend = await openBackend({
    env,
    log: (line) => log.push(line),
    ...more,
    dataDir,
  });
  onTestFinished(() => backend.close());
  const events: MemoirEvent[] = [];
  backend.subscribe(({ event }) => events.push(event));
  return { backend, call: backend.call, events, log, dataDir };
}

/** What is shown of a provider. */
export async function provider(
  { call }: Opened,
  id: string,
): Promise<OutputOf<'providers.list'>['providers'][number]> {
  const found = (await call('providers.list', {})).providers.find((row) => row.id === id);
  if (found === undefined) throw new Error(`no provider ${id}`);
  return found;
}

/** The failure of a call that must not succeed. */
export async function failureOf(work: Promise<unknown>): Promise<AppError> {
  const error = await work.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  );
  if (error instanceof AppError) return error;
  throw error;
}

/** A scripted model that ends with the test. */
export async function scripted(script: Script): Promise<ScriptedModel> {
  const model = await startScriptedModel(script);
  onTestFinished(() => model.close());
  return model;
}

/** Says something to an agent and waits for the end of its run. */
export async function ask({ call, events }: Opened, agent_id: string, text: string): Promise<void> {
  const { conversations } = await call('conversations.list', { agent_id });
  const before = events.filter(({ type }) => type === 'run.finished').length;
  await call('messages.send', {
    conversation_id: conversations[0]?.id ?? '',
    text,
    otid: crypto.randomUUID(),
  });
  await expect.poll(() => events.filter(({ type }) => type === 'run.finished').length).toBe(before + 1);
}
