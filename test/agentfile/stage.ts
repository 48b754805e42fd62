import { isDeepStrictEqual } from 'node:util';
import { expect, onTestFinished } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import { createRuntime } from '../../electron/agent/runtime.ts';
import type { SystemFacts } from '../../electron/api/deps.ts';
import { createDispatch, type Dispatch } from '../../electron/api/dispatch.ts';
import { createHandlers } from '../../electron/api/handlers.ts';
import { createModelRegistry } from '../../electron/models/registry.ts';
import { systemClock } from '../../electron/store/clock.ts';
import type { Database } from '../../electron/store/database.ts';
import { createToolRegistry } from '../../electron/tools/registry.ts';
import { tempStore } from '../helpers/temp-store.ts';

/** A store and the door to it. */
export type Stage = { readonly database: Database; readonly call: Dispatch };

/** Opens an empty store behind the door that callers use. */
export async function openStage(): Promise<Stage> {
  const database = await tempStore();
  // What is tested is not the disk.
  database.raw.pragma('synchronous = off');
  const models = createModelRegistry({ env: {} });
  const parts = { database, clock: systemClock, models, tools: createToolRegistry(), emit: () => undefined };
  const runtime = createRuntime({ ...parts, log: () => undefined, instance_id: 'test' });
  onTestFinished(() => runtime.close());
  const facts: SystemFacts = {
    version: '0',
    boot_id: '0',
    data_dir: '',
    store: () => ({ state: 'ready', message: null }),
    address: () => null,
    log_path: null,
    redact: (text: string) => text,
  };
  return { database, call: createDispatch(createHandlers({ ...parts, runtime }, facts)) };
}

/** Reads all that the ADE would show of an agent; each answer is held against the contract on its way out. */
export async function readAll({ call }: Stage, agent_id: string): Promise<string[]> {
  await call('agents.list', {});
  const { name } = await call('agents.get', { agent_id });
  await call('agents.export', { agent_id });
  await call('blocks.list', { agent_id });
  await call('archive.list', { agent_id });
  await call('changes.list', { agent_id, limit: 500 });
  const { conversations } = await call('conversations.list', { agent_id });
  for (const { id: conversation_id, message_count } of conversations) {
    const { messages } = await call('messages.list', { conversation_id, limit: 200 });
    expect(messages.length, name).toBe(message_count);
    await call('runs.current', { conversation_id });
    await call('agents.context', { agent_id, conversation_id });
  }
  return conversations.map(({ id }) => id);
}

/** What is wrong with a refusal, or `null`: it must be meant, say why, and leave every table as it was. */
export function faultOfRefusal(error: unknown, before: object, after: object): string | null {
  if (!(error instanceof AppError) || error.code !== 'unsupported') return `not a refusal: ${String(error)}`;
  if (!/^.{20,}Nothing was imported\./su.test(error.message)) return `says too little: ${error.message}`;
  return isDeepStrictEqual(after, before) ? null : 'tables have changed';
}
