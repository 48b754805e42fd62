import { en } from './en.ts';

/** Name of a message in the catalogue. */
export type MessageKey = keyof typeof en;

/** Values for the `{names}` in a message; `count` also chooses between its plural forms. */
export type MessageVars = Readonly<Record<string, string | number>>;

/** Language and region that dates, numbers and plurals follow. */
export const LOCALE = 'en-GB';

const PLURALS = new Intl.PluralRules(LOCALE);
const NUMBERS = new Intl.NumberFormat(LOCALE);

type Entry = string | { readonly one: string; readonly other: string };

/** The text of a message with its values filled in. A name without a value stays as it is written. */
export function t(key: MessageKey, vars: MessageVars = {}): string {
  const entry: Entry = en[key];
  const text = typeof entry === 'string' ? entry : entry[pluralForm(Number(vars['count'] ?? 0))];
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
    const value = vars[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? formatNumber(value) : value;
  });
}

/** A number with its thousands separated, as people read it. */
export function formatNumber(value: number): string {
  return NUMBERS.format(value);
}

function pluralForm(count: number): 'one' | 'other' {
  return PLURALS.select(count) === 'one' ? 'one' : 'other';
}
