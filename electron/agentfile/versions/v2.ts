import { z } from 'zod';
import { agent_type } from '../../../shared/contract/agents.ts';

const text_or_null = z.string().nullish();
const object = z.looseObject({});

/** A message of a current-generation file. Fields beyond these are kept. */
export const v2_message = z.looseObject({
  id: z.string(),
  role: z.enum(['system', 'user', 'assistant', 'tool', 'function', 'approval', 'summary']),
  content: z.union([z.string(), z.array(z.looseObject({ type: z.string() }))]).nullish(),
  name: text_or_null,
  model: text_or_null,
  created_at: text_or_null,
  tool_call_id: text_or_null,
  tool_calls: z
    .array(
      z.looseObject({ id: z.string(), function: z.looseObject({ name: z.string(), arguments: z.string() }) }),
    )
    .nullish(),
  tool_returns: z
    .array(
      z.looseObject({
        tool_call_id: text_or_null,
        status: text_or_null,
        func_response: z.unknown().optional(),
      }),
    )
    .nullish(),
});

/** An agent of a current-generation file. */
export const v2_agent = z.looseObject({
  id: z.string(),
  name: z.string().nullish(),
  agent_type: agent_type.nullish(),
  description: text_or_null,
  system: text_or_null,
  metadata: object.nullish(),
  tags: z.array(z.string()).nullish(),
  timezone: text_or_null,
  llm_config: object.nullish(),
  embedding_config: object.nullish(),
  model: text_or_null,
  context_window_limit: z.number().int().nullish(),
  tool_ids: z.array(z.string()).nullish(),
  block_ids: z.array(z.string()).nullish(),
  source_ids: z.array(z.string()).nullish(),
  group_ids: z.array(z.string()).nullish(),
  in_context_message_ids: z.array(z.string()).nullish(),
  messages: z.array(v2_message),
  files_agents: z.array(z.looseObject({ file_id: z.string(), source_id: z.string() })).nullish(),
});

/** A memory block of a current-generation file. */
export const v2_block = z.looseObject({
  id: z.string(),
  label: z.string(),
  value: z.string(),
  limit: z.number().int().min(0).nullish(),
  description: text_or_null,
  metadata: object.nullish(),
  read_only: z.boolean().nullish(),
  tags: z.array(z.string()).nullish(),
});

/** A tool of a current-generation file; its code is data here and is never run by an import. */
export const v2_tool = z.looseObject({
  id: z.string(),
  name: z.string().nullish(),
  tool_type: text_or_null,
  source_code: text_or_null,
});

const part = z.looseObject({ id: z.string() });

/** A current-generation agent file, whole. `memoir` is Memoir's own key and is read apart. */
export const v2_file = z.looseObject({
  agents: z.array(v2_agent).min(1),
  groups: z.array(part),
  blocks: z.array(v2_block),
  files: z.array(part.extend({ source_id: z.string() })),
  sources: z.array(part),
  tools: z.array(v2_tool),
  mcp_servers: z.array(part),
  skills: z.array(object).nullish(),
  metadata: object.nullish(),
  created_at: text_or_null,
});

export type V2File = z.infer<typeof v2_file>;
export type V2Agent = z.infer<typeof v2_agent>;
export type V2Message = z.infer<typeof v2_message>;
export type V2Block = z.infer<typeof v2_block>;
