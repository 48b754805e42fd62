/** The numbers of an overflow, in tokens, as far as the provider told them. */
export type Overflow = { readonly limit: number | null; readonly used: number | null };

type Rule = { readonly pattern: RegExp };

/**
 * How providers say that a request does not fit. Named groups give the numbers. Quoted from their answers:
 * OpenAI, DeepSeek, OpenRouter, vLLM: "maximum context length is 8192 tokens. However, your messages resulted in 9000".
 * Anthropic: "prompt is too long: 213462 tokens > 200000 maximum", "input length and `max_tokens` exceed context limit:
 * 190000 + 21333 > 200000". Gemini: "input token count (1196265) exceeds the
 * maximum number of tokens allowed (1048575)". xAI: "maximum prompt length is 131072 but the request contains 537812".
 * Together, vLLM: "input (9000 tokens) is longer than the model's context length (8192 tokens)". llama.cpp: "request
 * (5000 tokens) exceeds the available context size (4096 tokens)". Ollama: "exceeded max context length by 12 tokens".
 * LM Studio: "tokens to keep from the initial prompt is greater than the context length", "Trying to keep the first 5000
 * tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens". Groq: "reduce
 * the length of the messages". Mistral: "too large for model with 32768 maximum context length". Moonshot: "exceeded model
 * token limit: 131072 (requested: 140000)". Qwen: "Range of input length should be [1, 30720]". Cohere: "too many tokens:
 * total number of tokens in the prompt cannot exceed 4081 - received 5000". GitHub Copilot: "prompt token count of 140000
 * exceeds the limit of 128000". vLLM: "Input length (265330) exceeds model's maximum context length (262144)".
 */
const RULES: readonly Rule[] = [
  {
    pattern:
      /maximum context length (?:is|of) (?:only )?(?<limit>[\d,]+)(?: tokens)?[\s\S]*?(?:resulted in|requested|contains?)(?: about| at least)? (?<used>[\d,]+)/iu,
  },
  {
    pattern:
      /input length and `?max_tokens`? exceed context limit: (?<used>[\d,]+) \+ [\d,]+ > (?<limit>[\d,]+)/iu,
  },
  { pattern: /prompt is too long: (?<used>[\d,]+) tokens > (?<limit>[\d,]+)/iu },
  {
    pattern:
      /token count \(?(?<used>[\d,]+)\)? exceeds the maximum number of tokens allowed \(?(?<limit>[\d,]+)/iu,
  },
  { pattern: /maximum prompt length is (?<limit>[\d,]+) but the request contains (?<used>[\d,]+)/iu },
  {
    pattern:
      /\((?<used>[\d,]+) tokens\) (?:is longer than|exceeds) the (?:model's |available )?context (?:length|size) \((?<limit>[\d,]+)/iu,
  },
  {
    pattern:
      /keep the first (?<used>[\d,]+) tokens when [\s\S]*?context length of (?:only )?(?<limit>[\d,]+) tokens/iu,
  },
  { pattern: /model token limit: (?<limit>[\d,]+)(?: \(requested: (?<used>[\d,]+)\))?/iu },
  { pattern: /range of input length should be \[\d+, (?<limit>[\d,]+)\]/iu },
  {
    pattern:
      /number of tokens in the prompt (?:cannot exceed|exceeds the limit of) (?<limit>[\d,]+)(?: - received (?<used>[\d,]+))?/iu,
  },
  { pattern: /prompt token count of (?<used>[\d,]+) exceeds the limit of (?<limit>[\d,]+)/iu },
  {
    pattern:
      /input length \((?<used>[\d,]+)\) exceeds (?:the )?(?:model's )?maximum context length \((?<limit>[\d,]+)\)/iu,
  },
  { pattern: /with (?<limit>[\d,]+) maximum context length/iu },
  { pattern: /maximum context length (?:is|of) (?<limit>[\d,]+)/iu },
  { pattern: /context[ _](?:length|window)[ _](?:is )?exceeded|string_above_max_length/iu },
  { pattern: /exceeds? the (?:available |model's |maximum )?context (?:size|window|length)/iu },
  {
    pattern:
      /exceeded max context length|greater than the context length|context window (?:exceeds|is full|overflow)/iu,
  },
  {
    pattern:
      /(?:prompt|input|request) is too (?:long|large)|request (?:entity )?too large|input is too long|reduce the length of (?:the|your) (?:messages|prompt|input)/iu,
  },
];

/** Limits per minute read alike, but shortening the talk is no cure for them. */
const RATE = /tokens per (?:minute|day)|\bTPM\b|rate.?limit/iu;

/** Whether a refusal is about tokens in a stretch of time. */
export function isRateLimit(message: string): boolean {
  return RATE.test(message);
}

/** Recognises a provider's "does not fit" by its words or code; `null` when it is something else. */
export function readOverflow(message: string): Overflow | null {
  if (isRateLimit(message)) return null;
  for (const { pattern } of RULES) {
    const match = pattern.exec(message);
    if (match !== null) {
      return { limit: numberIn(match.groups?.['limit']), used: numberIn(match.groups?.['used']) };
    }
  }
  return null;
}

function numberIn(text: string | undefined): number | null {
  return text === undefined ? null : Number(text.replaceAll(',', ''));
}
