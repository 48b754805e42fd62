import { z } from 'zod';
import { agent_fields } from './agents.ts';
import { id, method } from './method.ts';

/** Characters the name of an imported agent may have. */
export const MAX_NAME_CHARS = 200;

/** What a file holds, told before anything is written. */
export const file_preview = z.object({
  /** `letta-v2`: current `.af`. `memoir`: the same with our extra key. */
  kind: z.enum(['letta-v2', 'memoir']),
  agents: z.array(
    z.object({
      name: z.string(),
      agent_type: z.string(),
      model: z.string(),
      blocks: z.array(z.object({ label: z.string(), value: z.string(), limit: z.number().int() })),
      messages: z.number().int(),
      in_context: z.number().int(),
      passages: z.number().int(),
      tools: z.array(z.string()),
    }),
  ),
  /** Sentences: earlier imports, a missing model, tools that do not run here, texts over their limit, parts not taken over, secrets. */
  warnings: z.array(z.string()),
});

/** The methods of transfer. */
export const transfer_methods = {
  'agents.export': method({
    summary:
      'Writes an agent, whole, as the text of an .af file. Values of secrets are left out; texts stay as they are.',
    input: z.object({
      agent_id: id('agent'),
      /** Leaves out the messages, and the trash with them. Default false. */
      scrub_messages: z.boolean().default(false),
      /** Whether the raw requests and answers of steps go along in Memoir's own part. Default true. */
      include_traces: z.boolean().default(true),
    }),
    output: z.object({
      file_name: z.string(),
      text: z.string(),
      /** Sentences: what waits and stays here, what of the trash goes along, what looks like a secret in the texts, and where. */
      warnings: z.array(z.string()),
    }),
    errors: ['not_found'],
  }),
  'agents.inspect': method({
    summary: 'Reads an agent file and says what an import would do. Writes nothing.',
    input: z.object({ text: z.string().max(512 * 1024 * 1024) }),
    output: file_preview,
    errors: ['unsupported'],
  }),
  'agents.import': method({
    summary: 'Imports the agents of a file, all or nothing.',
    input: z.object({
      text: z.string().max(512 * 1024 * 1024),
      name: z.string().trim().min(1).max(MAX_NAME_CHARS).optional(),
      /** Handle that replaces the one in the file. */
      model: agent_fields.shape.model.optional(),
      strip_messages: z.boolean().default(false),
    }),
    output: z.object({
      agent_ids: z.array(id('agent')),
      /** The sentences `agents.inspect` gave about the file, for what was imported of it. */
      warnings: z.array(z.string()),
    }),
    errors: ['unsupported'],
  }),
};

export type FilePreview = z.infer<typeof file_preview>;
