import type { Tool } from '../tool.ts';

/** Speaks to the person, for agents whose plain text is private thought. Ends the turn. */
export const sendMessage: Tool = {
  name: 'send_message',
  description: 'Send a message to the person. They see only what you send with this tool.',
  parameters: {
    type: 'object',
    properties: { message: { type: 'string', description: 'What to say.' } },
    required: ['message'],
  },
  effect: 'none',
  terminal: true,
  run: () => Promise.resolve('Message sent.'),
};
