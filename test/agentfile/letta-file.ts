/** A small file of the current generation: one agent, one block, one call without result. */
export const lettaAgent = {
  id: 'agent-0',
  name: 'Ada',
  block_ids: ['block-0'],
  tool_ids: [],
  secrets: { KEY: 'canary-secret' },
  in_context_message_ids: ['message-0', 'message-1'],
  messages: [
    { id: 'message-0', role: 'system', content: [{ type: 'text', text: 'prompt' }] },
    {
      id: 'message-1',
      role: 'assistant',
      content: [],
      tool_calls: [
        {
          id: 'call-1',
          type: 'function',
          function: { name: 'send_message', arguments: '{"message":"tulip"}' },
        },
      ],
    },
  ],
};

/** The whole file around {@link lettaAgent}. */
export const lettaFile = {
  agents: [lettaAgent],
  groups: [],
  blocks: [{ id: 'block-0', label: 'human', value: 'over the\u0000 limit', limit: 3 }],
  files: [],
  sources: [],
  tools: [],
  mcp_servers: [],
};
