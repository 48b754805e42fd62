/**
 * Reads server-sent events: gives the JSON of each `data`, until one that is `last` word for word. Throws `SyntaxError`
 * for one that is no JSON. An event that the end of the stream cut is left out.
 */
export async function* readSse(
  body: ReadableStream<Uint8Array> | null,
  last: string | null = null,
): AsyncGenerator<unknown> {
  for await (const text of readData(body)) {
    if (text === last) return;
    yield JSON.parse(text) as unknown;
  }
}

async function* readData(body: ReadableStream<Uint8Array> | null): AsyncGenerator<string> {
  if (body === null) return;
  const decoder = new TextDecoder();
  let rest = '';
  let data: string[] = [];
  for await (const bytes of body) {
    const lines = decoder.decode(bytes, { stream: true }).split('\n');
    lines[0] = rest + (lines[0] ?? '');
    rest = lines.pop() ?? '';
    for (const raw of lines) {
      const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
      if (line.startsWith('data:')) data.push(line.slice(5).trimStart());
      else if (line === '' && data.length > 0) {
        yield data.join('\n');
        data = [];
      }
    }
  }
}
