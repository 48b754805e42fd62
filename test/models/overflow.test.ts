import { expect, it } from 'vitest';
import { readOverflow } from '../../electron/models/overflow.ts';

const table: readonly [string, { limit: number | null; used: number | null } | null][] = [
  [
    "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
    { limit: 8192, used: 9000 },
  ],
  [
    "This endpoint's maximum context length is 131,072 tokens. However, you requested about 140,000 tokens",
    { limit: 131_072, used: 140_000 },
  ],
  ['prompt is too long: 213462 tokens > 200000 maximum', { limit: 200_000, used: 213_462 }],
  [
    'The input token count (1196265) exceeds the maximum number of tokens allowed (1048575).',
    { limit: 1_048_575, used: 1_196_265 },
  ],
  [
    "This model's maximum prompt length is 131072 but the request contains 537812 tokens.",
    { limit: 131_072, used: 537_812 },
  ],
  [
    "The input (9000 tokens) is longer than the model's context length (8192 tokens).",
    { limit: 8192, used: 9000 },
  ],
  [
    'request (5000 tokens) exceeds the available context size (4096 tokens), try increasing it',
    { limit: 4096, used: 5000 },
  ],
  [
    'Prompt contains 40000 tokens, too large for model with 32768 maximum context length',
    { limit: 32_768, used: null },
  ],
  ['prompt too long; exceeded max context length by 12 tokens', { limit: null, used: null }],
  [
    'The number of tokens to keep from the initial prompt is greater than the context length.',
    { limit: null, used: null },
  ],
  ['Please reduce the length of the messages or completion.', { limit: null, used: null }],
  [
    'Trying to keep the first 5000 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens, which is not enough.',
    { limit: 4096, used: 5000 },
  ],
  [
    'Invalid request: Your request exceeded model token limit: 131072 (requested: 140000)',
    { limit: 131_072, used: 140_000 },
  ],
  ['Your request exceeded model token limit: 131072', { limit: 131_072, used: null }],
  ['Range of input length should be [1, 30720]', { limit: 30_720, used: null }],
  [
    'too many tokens: total number of tokens in the prompt cannot exceed 4081 - received 5000.',
    { limit: 4081, used: 5000 },
  ],
  ['prompt token count of 140000 exceeds the limit of 128000', { limit: 128_000, used: 140_000 }],
  [
    "Input length (265330) exceeds model's maximum context length (262144).",
    { limit: 262_144, used: 265_330 },
  ],
  ['model_context_window_exceeded', { limit: null, used: null }],
  ["the model's context window is exceeded", { limit: null, used: null }],
  ['Request Entity Too Large', { limit: null, used: null }],
  ['max_tokens exceeds the limit of 8192', null],
  ['Too many requests', null],
  ['Request too large for model: tokens per minute (TPM): Limit 6000, Requested 9000', null],
  ['Invalid value for temperature', null],
];

it.each(table)('%s', (message, overflow) => {
  expect(readOverflow(message)).toEqual(overflow);
});
