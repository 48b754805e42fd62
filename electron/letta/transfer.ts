import { type Context, Hono } from 'hono';
import { AppError } from '../../shared/errors.ts';
import { readAgent } from './agents.ts';
import { API, type LettaBackend } from './backend.ts';
import { detail, LettaError } from './errors.ts';
import { flag, pathId } from './input.ts';

const NO_FILE = "[{'type': 'missing', 'loc': ('body', 'file'), 'msg': 'Field required', 'input': None}]";

/** `/agents/{id}/export` and `/agents/import`. */
export function transferRoutes(backend: LettaBackend): Hono {
  const { call } = backend;
  const app = new Hono({ strict: false });
  app.get('/agents/:agent_id/export', async (context) => {
    const { id } = await readAgent(backend, pathId(context, 'agent'));
    if (isTrue(context.req.query('use_legacy_format'))) throw detail(400, 'Legacy format is not supported');
    const scrub_messages = isTrue(context.req.query('scrub_messages'));
    const { text } = await call('agents.export', { agent_id: id, scrub_messages }, API);
    return context.body(text, 200, { 'content-type': 'application/json' });
  });
  app.post('/agents/import', async (context) => {
    const form = await readForm(context);
    const file = form['file'];
    if (!(file instanceof File)) throw new LettaError(422, { trace_id: '', detail: NO_FILE });
    const text = await file.text();
    const model = field(form, 'model') ?? field(form, 'override_model_handle');
    const name = await chooseName(backend, text, form);
    try {
      const { agent_ids } = await call(
        'agents.import',
        {
          text,
          strip_messages: isTrue(field(form, 'strip_messages')),
          ...(name === undefined ? {} : { name }),
          ...(model === undefined ? {} : { model }),
        },
        API,
      );
      return context.json({ agent_ids });
    } catch (error) {
      throw asImportError(error);
    }
  });
  return app;
}

type Form = Readonly<Record<string, unknown>>;

async function readForm(context: Context): Promise<Form> {
  try {
    return await context.req.parseBody();
  } catch {
    // The parser says only that it could not; so does V1.
    throw detail(400, 'There was an error parsing the body');
  }
}

function field(form: Form, name: string): string | undefined {
  const value = form[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isTrue(text: string | undefined): boolean {
  return text !== undefined && flag.safeParse(text).data === true;
}

/** V1 adds `_copy` to the name of an imported agent unless told otherwise. */
async function chooseName({ call }: LettaBackend, text: string, form: Form): Promise<string | undefined> {
  const given = field(form, 'name') ?? field(form, 'override_name');
  const suffix = field(form, 'append_copy_suffix');
  if (given !== undefined || (suffix !== undefined && !isTrue(suffix))) return given;
  try {
    const { agents } = await call('agents.inspect', { text }, API);
    return agents.length === 1 && agents[0] !== undefined ? `${agents[0].name.slice(0, 95)}_copy` : undefined;
  } catch (error) {
    throw asImportError(error);
  }
}

/** A file that can't be imported is 400 in V1. */
function asImportError(error: unknown): unknown {
  if (error instanceof RangeError) return detail(400, 'The file is nested too deep to be an agent file.');
  const isFileTrouble = error instanceof AppError && ['unsupported', 'invalid_input'].includes(error.code);
  return isFileTrouble ? detail(400, error.message) : error;
}
