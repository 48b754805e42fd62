import type { z } from 'zod';
import { AppError } from '../../shared/errors.ts';

/** Input of the wrong shape, told in sentences: which field, and what it may be. `details` keeps paths for programs. */
export function invalidInput(name: string, error: z.ZodError): AppError {
  const problems = new Map<string, { path: PropertyKey[]; message: string }>();
  for (const issue of error.issues) {
    // One rule a field is enough to act on: an empty name also breaks the rule about its letters.
    const field = nameOf(issue.path);
    if (!problems.has(field))
      problems.set(field, { path: issue.path, message: `${field} ${ruleOf(issue)}.` });
  }
  const issues = [...problems.values()];
  const sentences = issues.map(({ message }) => message).join(' ');
  return new AppError('invalid_input', `${sentences} Nothing was changed.`, {
    details: { method: name, issues },
  });
}

// `model_settings.temperature` reads "The temperature in model settings"; `tools.2` "Number 3 of tools".
function nameOf(path: readonly PropertyKey[]): string {
  const [field, ...around] = path.toReversed();
  if (field === undefined) return 'The input';
  const place = around.length === 0 ? '' : ` in ${around.map(words).toReversed().join(' ')}`;
  if (typeof field !== 'number') return `The ${words(field)}${place}`;
  return around.length === 0
    ? `Number ${field + 1}`
    : `Number ${field + 1} of ${around.map(words).toReversed().join(' ')}`;
}

const WORDS: Readonly<Record<string, string>> = { timezone: 'time zone', created_at: 'time of creation' };

function words(key: PropertyKey): string {
  const known = WORDS[String(key)];
  if (known !== undefined) return known;
  return typeof key === 'number' ? `number ${key + 1}` : String(key).replaceAll('_', ' ');
}

const UNKNOWN_FORM = 'has a form that is not known';

function ruleOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return typeRule(issue);
    case 'too_small':
    case 'too_big':
      return sizeRule(issue);
    case 'invalid_value':
      return valueRule(issue);
    case 'unrecognized_keys':
      return `has unknown fields: ${issue.keys.join(', ')}`;
    case 'invalid_format':
    case 'custom':
      return ownRule(issue);
    case 'invalid_union':
    case 'invalid_key':
    case 'invalid_element':
    case 'not_multiple_of':
      return UNKNOWN_FORM;
  }
}

// The contract says its patterns and checks in words of its own; without, zod's begin with "Invalid".
function ownRule({ message }: z.core.$ZodIssue): string {
  return message.startsWith('Invalid') ? UNKNOWN_FORM : message;
}

function valueRule({ values }: z.core.$ZodIssueInvalidValue): string {
  return `must be ${values.length === 1 ? '' : 'one of '}${values.map(String).join(', ')}`;
}

function typeRule(issue: z.core.$ZodIssueInvalidType): string {
  if (issue.message.endsWith('received undefined')) return 'is missing';
  return `must be ${KINDS[issue.expected] ?? 'of another kind'}`;
}

function sizeRule(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const { origin } = issue;
  const isSized = origin === 'string' || origin === 'array';
  const verb = isSized ? 'have' : 'be';
  if (issue.code === 'too_big') return `must ${verb} at most ${count(issue.maximum, origin)}`;
  if (isSized && Number(issue.minimum) === 1) return 'must not be empty';
  return `must ${verb} at least ${count(issue.minimum, origin)}`;
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
};

function count(bound: number | bigint, origin: string): string {
  const number = bound.toLocaleString('en-US');
  if (origin === 'string') return `${number} ${Number(bound) === 1 ? 'character' : 'characters'}`;
  return origin === 'array' ? `${number} ${Number(bound) === 1 ? 'item' : 'items'}` : number;
}
