/** One value as text, for the crossing between a page and the main process. */
export type WireFormat = {
  /** Throws what Electron throws for functions and symbols. */
  readonly encode: (value: unknown) => string;
  readonly decode: (text: string) => unknown;
};

/**
 * Text that keeps what a structured clone keeps and JSON loses: `undefined`, dates, maps, sets, bytes, big integers,
 * errors, `NaN`. Self-contained, since its source also runs in the page.
 */
export function wireFormat(): WireFormat {
  const special = (kind: string, value: unknown): unknown => ({ $: kind, value });

  function pack(value: unknown): unknown {
    if (typeof value === 'function' || typeof value === 'symbol')
      throw new Error('An object could not be cloned.');
    if (value === undefined) return special('undefined', null);
    if (typeof value === 'bigint') return special('bigint', String(value));
    if (typeof value === 'number' && !Number.isFinite(value)) return special('number', String(value));
    return typeof value === 'object' && value !== null ? packObject(value) : value;
  }

  function packObject(value: object): unknown {
    if (Array.isArray(value)) return value.map(pack);
    if (value instanceof Date) return special('date', value.getTime());
    if (value instanceof Map) return special('map', [...value].map(pack));
    if (value instanceof Set) return special('set', [...value].map(pack));
    if (value instanceof Error) return special('error', { name: value.name, message: value.message });
    if (value instanceof ArrayBuffer) return special('buffer', [...new Uint8Array(value)]);
    if (ArrayBuffer.isView(value))
      return special('bytes', [...new Uint8Array(value.buffer, value.byteOffset, value.byteLength)]);
    if ('then' in value && typeof value.then === 'function')
      throw new Error('An object could not be cloned.');
    const entries = Object.entries(value).map(([key, each]) => [key, pack(each)] as const);
    return special('object', entries);
  }

  function unpack(packed: unknown): unknown {
    if (Array.isArray(packed)) return packed.map(unpack);
    if (typeof packed !== 'object' || packed === null) return packed;
    const { $: kind, value } = packed as { $: string; value: unknown };
    const list = (): unknown[] => (value as unknown[]).map(unpack);
    const makers: Record<string, () => unknown> = {
      undefined: () => undefined,
      bigint: () => BigInt(value as string),
      number: () => Number(value),
      date: () => new Date(value as number),
      map: () => new Map(list() as [unknown, unknown][]),
      set: () => new Set(list()),
      error: () => Object.assign(new Error((value as Error).message), { name: (value as Error).name }),
      buffer: () => Uint8Array.from(value as number[]).buffer,
      bytes: () => Uint8Array.from(value as number[]),
      object: () =>
        Object.fromEntries((value as [string, unknown][]).map(([key, each]) => [key, unpack(each)])),
    };
    return makers[kind]?.();
  }

  return { encode: (value) => JSON.stringify(pack(value)), decode: (text) => unpack(JSON.parse(text)) };
}
