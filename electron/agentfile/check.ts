import type { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import type { Pause } from '../store/pause.ts';
import { memoir_rows_v1, memoir_v1, type MemoirV1 } from './versions/memoir-v1.ts';
import { memoir_rows, memoir_v2, type MemoirSection, upgradeMemoir } from './versions/memoir-v2.ts';
import { v2_file, v2_message, type V2File, type V2Message } from './versions/v2.ts';

/** Checks the shape of an agent file, its messages one by one. Throws `unsupported`, naming the place. */
export async function checkFile(value: Readonly<Record<string, unknown>>, pause: Pause): Promise<V2File> {
  const came: unknown = value['agents'];
  const shells = Array.isArray(came) ? came.map(withoutMessages) : came;
  const file = check(v2_file, { ...value, agents: shells });
  const agents: V2File['agents'] = [];
  for (const [index, agent] of file.agents.entries()) {
    const own: unknown = (came as Readonly<Record<string, unknown>>[])[index]?.['messages'];
    const messages: V2Message[] = [];
    for (const [place, message] of (Array.isArray(own) ? own : []).entries()) {
      await pause();
      messages.push(check(v2_message, message, `agents.${index}.messages.${place}`));
    }
    agents.push({ ...agent, messages });
  }
  return { ...file, agents };
}

function withoutMessages(agent: unknown): unknown {
  return isObject(agent) && Array.isArray(agent['messages']) ? { ...agent, messages: [] } : agent;
}

/** Checks the shape of Memoir's own key, of any format, row by row. Throws `unsupported`, naming the place. */
export async function checkMemoir(value: unknown, pause: Pause): Promise<MemoirSection> {
  if (isObject(value) && value['format_version'] === 1) {
    const { shell, came } = withoutRows(value);
    const section = check(memoir_v1, shell, 'memoir');
    const rows = (await checkRows(memoir_rows_v1, came, pause)) as MemoirV1['rows'];
    return upgradeMemoir({ ...section, rows });
  }
  const { shell, came } = withoutRows(value);
  const section = check(memoir_v2, shell, 'memoir');
  return { ...section, rows: (await checkRows(memoir_rows, came, pause)) as MemoirSection['rows'] };
}

type Shell = { readonly shell: unknown; readonly came: Readonly<Record<string, unknown>> };

function withoutRows(value: unknown): Shell {
  if (!isObject(value) || !isObject(value['rows'])) return { shell: value, came: {} };
  const came = value['rows'];
  const shells = Object.entries(came).map(([table, list]) => [table, Array.isArray(list) ? [] : list]);
  return { shell: { ...value, rows: Object.fromEntries(shells) as unknown }, came };
}

async function checkRows(
  shapes: Readonly<Record<string, z.ZodType>>,
  came: Readonly<Record<string, unknown>>,
  pause: Pause,
): Promise<Record<string, unknown[]>> {
  const rows: Record<string, unknown[]> = {};
  for (const [table, shape] of Object.entries(shapes)) {
    const own: unknown = came[table];
    const checked: unknown[] = [];
    for (const [place, row] of (Array.isArray(own) ? own : []).entries()) {
      await pause();
      checked.push(check(shape, row, `memoir.rows.${table}.${place}`));
    }
    rows[table] = checked;
  }
  return rows;
}

function check<Schema extends z.ZodType>(schema: Schema, value: unknown, root = ''): z.infer<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = [root, ...(issue?.path ?? [])].filter((step) => step !== '').join('.');
  throw refused(`Import failed: ${path === '' ? 'the file' : path}: ${issue?.message ?? 'wrong shape'}.`);
}

/** Whether a value of a file is an object with fields. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A refusal of a file, in a sentence to which it is added that nothing was imported. */
export function refused(message: string): AppError {
  return new AppError(
    'unsupported',
    message.includes('Nothing was') ? message : `${message} Nothing was imported.`,
  );
}
