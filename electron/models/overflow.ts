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
 * LM Studio: "tokens to keep from the initial prompt is greater than the context length". Groq: "reduce the length of
 * the messages". Mistral: "too large for model with 32768 maximum context length".
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
  { pattern: /with (?<limit>[\d,]+) maximum context length/iu },
  { pattern: /maximum context length (?:is|of) (?<limit>[\d,]+)/iu },
  { pattern: /context_length_exceeded|string_above_max_length/iu },
  { pattern: /exceeds? the (?:available |model's |maximum )?context (?:size|window|length)/iu },
  {
    pattern:
      /exceeded max context length|greater than the context length|context window (?:exceeds|is full|overflow)/iu,
  },
  {
    pattern:
      /(?:prompt|input|request) is too (?:long|large)|input is too long|reduce the length of (?:the|your) (?:messages|prompt|input)/iu,
  },
];

/** Limits per minute read alike, but shortening the talk is no cure for them. */
const RATE = /tokens per (?:minute|day)|\bTPM\b|rate.?limit/iu;

/** Recognises a provider's "does not fit" by its words or code; `null` when it is something else. */
export function readOverflow(message: string): Overflow | null {
  if (RATE.test(message)) return null;
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
