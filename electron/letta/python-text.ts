/** Writes a JSON value as Python's `repr` does; V1's 422 answers hold such a text. Lists under the key `loc` are tuples. */
export function pythonText(value: unknown): string {
  if (Array.isArray(value)) return `[${listed(value)}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => `'${key}': ${entryText(key, item)}`);
    return `{${entries.join(', ')}}`;
  }
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'number' ? JSON.stringify(value) : 'None';
}

function entryText(key: string, value: unknown): string {
  if (key !== 'loc' || !Array.isArray(value)) return pythonText(value);
  return `(${listed(value)}${value.length === 1 ? ',' : ''})`;
}

function listed(values: readonly unknown[]): string {
  return values.map(pythonText).join(', ');
}

function quoted(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  if (escaped.includes("'") && !escaped.includes('"')) return `"${escaped}"`;
  return `'${escaped.replaceAll("'", "\\'")}'`;
}
