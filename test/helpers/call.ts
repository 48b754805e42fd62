import type { InputOf, MethodName, OutputOf } from '../../shared/contract/index.ts';

/** Calls a method of the server, as the person at the window would. Throws what the server said when it refuses. */
export async function call<Name extends MethodName>(
  url: string,
  name: Name,
  input: InputOf<Name>,
): Promise<OutputOf<Name>> {
  const response = await fetch(`${url}/ade/rpc/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input),
  });
  if (!response.ok) throw new Error(`${name} was refused: ${await response.text()}`);
  return (await response.json()) as OutputOf<Name>;
}
