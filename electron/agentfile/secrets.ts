const SECRET_MAPS: readonly string[] = [
  'secrets',
  'tool_exec_environment_variables',
  'env',
  'custom_headers',
];
const SECRET_VALUES: readonly string[] = [
  'token',
  'token_enc',
  'api_key',
  'api_key_enc',
  'access_token',
  'password',
];

/** A copy without secret values; their names stay, as Letta's own export keeps them. */
export function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]: [string, unknown]) => [key, withoutSecret(key, child)]),
  );
}

function withoutSecret(key: string, value: unknown): unknown {
  if (SECRET_VALUES.includes(key) && typeof value === 'string') return '';
  if (!SECRET_MAPS.includes(key) || typeof value !== 'object' || value === null) return withoutSecrets(value);
  if (!Array.isArray(value)) return Object.fromEntries(Object.keys(value).map((name) => [name, '']));
  return (value as unknown[]).map((item) =>
    typeof item === 'object' && item !== null ? { ...item, value: '' } : item,
  );
}
