import type { Wire } from './server.ts';

/** A stream of frames as a client reads it. */
export type Stream = {
  /** Reads until the text so far fits, or to the end. */
  readonly until: (fits: (text: string) => boolean) => Promise<string>;
  readonly leave: () => void;
};

/** Posts to an address that answers with a stream. */
export async function openStream(
  url: string,
  body: Wire,
  headers: Record<string, string> = {},
): Promise<Stream> {
  const leaving = new AbortController();
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: leaving.signal,
  });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return {
    until: async (fits) => {
      while (!fits(text)) {
        const { done, value } = await reader.read();
        if (done) return text;
        text += value;
      }
      return text;
    },
    leave: () => leaving.abort(),
  };
}
