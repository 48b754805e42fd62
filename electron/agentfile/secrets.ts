/** Objects, or lists of `{key, value}`, all of whose values are secret. */
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

type Fields = Readonly<Record<string, unknown>>;

/**
 * What an agent keeps of its file, without secret values; their names stay, as Letta's own export keeps them. Looks
 * only where the format has secrets: the agent's own variables, its model configurations, and MCP servers. A tool may
 * well take an argument named `env`.
 */
export function withoutSecrets(foreign: Fields): Fields {
  const entries = Object.entries(foreign).map(([key, value]) => [key, cleanField(key, value)] as const);
  return Object.fromEntries(entries);
}

function cleanField(key: string, value: unknown): unknown {
  if (key === 'secrets' || key === 'tool_exec_environment_variables') return emptied(value);
  if (key === 'llm_config' || key === 'embedding_config') return cleanConnection(value);
  if (key !== 'agent_file' || !isObject(value)) return value;
  const { file } = value;
  if (!isObject(file)) return value;
  const servers = 'mcp_servers' in file ? { mcp_servers: cleanConnection(file['mcp_servers']) } : {};
  return { ...value, file: { ...file, ...servers } };
}

/** Whatever depth: how a server or a model is reached is all that stands there. */
function cleanConnection(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(cleanConnection);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, child]) => {
    if (SECRET_VALUES.includes(key) && typeof child === 'string') return [key, ''] as const;
    return [key, SECRET_MAPS.includes(key) ? emptied(child) : cleanConnection(child)] as const;
  });
  return Object.fromEntries(entries);
}

function emptied(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map((item: unknown) => (isObject(item) ? { ...item, value: '' } : item));
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.keys(value).map((name) => [name, '']));
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
