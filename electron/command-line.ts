import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { AppError } from '../shared/errors.ts';

/** What a command line says about the server. */
export type ServerSettings = {
  readonly port: number;
  readonly host: string;
  /** The folder, or `undefined` for the default one. */
  readonly dataDir: string | undefined;
  /** Log to the terminal, and show errors with their stack. */
  readonly debug: boolean;
  /** Without a desktop window. */
  readonly headless: boolean;
};

/** Reads the options of `memoir server`, `npm start` and `npm run server`. Throws `invalid_input`. */
export function parseServerOptions(args: readonly string[]): ServerSettings {
  const { port, host, data, debug, headless } = parse(args, {
    ...ADDRESS,
    debug: { type: 'boolean', default: false },
    headless: { type: 'boolean', default: false },
  });
  return { ...readAddress(port, host), dataDir: data, debug, headless };
}

/** What a command line says about the token of a data folder. */
export type TokenSettings = { readonly dataDir: string | undefined; readonly rotate: boolean };

/** Reads the options of `memoir token`. Throws `invalid_input`. */
export function parseTokenOptions(args: readonly string[]): TokenSettings {
  const { data, rotate } = parse(args, {
    data: { type: 'string' },
    rotate: { type: 'boolean', default: false },
  });
  return { dataDir: data, rotate };
}

/** What a command line says about whom to diagnose. */
export type DiagnoseSettings = {
  readonly port: number;
  readonly host: string;
  readonly dataDir: string | undefined;
  /** Name or id; `null` for the agent used last. */
  readonly agent: string | null;
};

/** Reads the options of `memoir diagnose [agent]`. Throws `invalid_input`. */
export function parseDiagnoseOptions(args: readonly string[]): DiagnoseSettings {
  const [first = ''] = args;
  const named = first !== '' && !first.startsWith('-');
  const { port, host, data } = parse(named ? args.slice(1) : args, ADDRESS);
  return { ...readAddress(port, host), dataDir: data, agent: named ? first : null };
}

/** What a command line says about what to look at, and whether to mend it. */
export type DoctorSettings = {
  readonly port: number;
  readonly host: string;
  readonly dataDir: string | undefined;
  /** Name or id; `null` for everything in the store. */
  readonly agent: string | null;
  readonly repair: boolean;
  /** Print what the methods answer instead of text. */
  readonly json: boolean;
};

/** Reads the options of `memoir doctor`. Throws `invalid_input`. */
export function parseDoctorOptions(args: readonly string[]): DoctorSettings {
  const { port, host, data, agent, repair, json } = parse(args, {
    ...ADDRESS,
    agent: { type: 'string' },
    repair: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  });
  return { ...readAddress(port, host), dataDir: data, agent: agent ?? null, repair, json };
}

const ADDRESS = {
  port: { type: 'string', default: '8283' },
  host: { type: 'string', default: '127.0.0.1' },
  data: { type: 'string' },
} as const;

function readAddress(port: string, host: string): { readonly port: number; readonly host: string } {
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new AppError('invalid_input', `--port must be a number from 0 to 65535, not "${port}".`);
  }
  // People write an IPv6 address as it stands in a URL.
  return { port: Number(port), host: host.replace(/^\[(.+)\]$/, '$1') };
}

type Values<Options extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ options: Options; strict: true }>
>['values'];

function parse<const Options extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: Options,
): Values<Options> {
  const known = Object.entries(options).map(([name, { type }]) =>
    type === 'string' ? `--${name} VALUE` : `--${name}`,
  );
  try {
    const { values } = parseArgs({ args: [...args], options, strict: true });
    const empty = Object.entries(values).find(([, value]) => value === '');
    if (empty === undefined) return values;
    throw new TypeError(`--${empty[0]} needs a value.`);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('invalid_input', `${reason.replace(/\.?$/, '.')} Known: ${known.join(', ')}.`, {
      cause,
    });
  }
}
