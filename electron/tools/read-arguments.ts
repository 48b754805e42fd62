type Arguments = Readonly<Record<string, unknown>>;

/** A text argument; empty when it was left out. */
export function readText(args: Arguments, name: string): string {
  const value = args[name];
  return typeof value === 'string' ? value : '';
}

/** An optional text argument; `null` when it was left out. */
export function readOptionalText(args: Arguments, name: string): string | null {
  const value = args[name];
  return typeof value === 'string' ? value : null;
}

/** A list of texts; empty when it was left out. */
export function readTexts(args: Arguments, name: string): string[] {
  const value = args[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** A whole number; `fallback` when it was left out. */
export function readInteger(args: Arguments, name: string, fallback: number): number {
  const value = args[name];
  return typeof value === 'number' && Number.isInteger(value) ? value : fallback;
}
