import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Order, Report } from '../stage/child.ts';
import { startChild } from '../stage/start-child.ts';
import type { Ack } from '../verify/acks.ts';

/** What a process did to files, in order, and when it acknowledged what. Paths are absolute. */
export type DiskEvent =
  /** Opened, and made if it was not there. */
  | { readonly kind: 'create'; readonly path: string }
  | { readonly kind: 'write'; readonly path: string; readonly offset: number; readonly bytes: Buffer }
  | { readonly kind: 'truncate'; readonly path: string; readonly size: number }
  | { readonly kind: 'sync'; readonly path: string }
  | { readonly kind: 'rename'; readonly path: string; readonly to: string }
  | { readonly kind: 'unlink'; readonly path: string }
  | { readonly kind: 'ack'; readonly acks: readonly Ack[] };

const CALLS = 'openat,pwrite64,write,fsync,fdatasync,ftruncate,rename,unlink';

/** Whether system calls can be recorded here; a sentence saying why not, else `null`. */
export function whyNoTrace(): string | null {
  const { status } = spawnSync('strace', ['-f', '-e', 'trace=none', 'true']);
  return status === 0
    ? null
    : 'strace is missing or may not run here, so power cuts are NOT simulated (Debian: apt-get install strace).';
}

/** Has a process obey an order under strace and reads what it did below the order's folder. */
export async function recordDisk(order: Order, trace_path: string): Promise<DiskEvent[]> {
  const options = ['-f', '-y', '-xx', '-s', '10000000', '-e', `trace=${CALLS}`, '-o', trace_path];
  const child = startChild(['strace', ...options]);
  child.order(order);
  const { how, errors } = await child.gone;
  if (how !== 'played') throw new Error(`The recorded process ${how}: ${errors}`);
  return readTrace(readFileSync(trace_path, 'latin1'), order.folder);
}

/** Reads the events below a folder out of a trace of strace (`-f -y -xx`). */
export function readTrace(text: string, folder: string): DiskEvent[] {
  const begun = new Map<string, string>();
  const output = { text: '' };
  return text.split('\n').flatMap((line) => {
    const whole = wholeCall(line, begun);
    const call = whole === null ? null : parseCall(whole);
    return call === null ? [] : eventsOf(call, { folder, output });
  });
}

/** A call that another thread interrupted comes in two lines; it is done when the second one says so. */
function wholeCall(line: string, begun: Map<string, string>): string | null {
  const { pid = '', rest = '' } = /^(?<pid>\d+) +(?<rest>.*)$/s.exec(line)?.groups ?? {};
  if (rest.endsWith(' <unfinished ...>')) {
    begun.set(pid, rest.slice(0, -' <unfinished ...>'.length));
    return null;
  }
  const resumed = /^<\.\.\. \w+ resumed>(?<tail>.*)$/s.exec(rest)?.groups?.['tail'];
  return resumed === undefined ? rest : `${begun.get(pid) ?? ''}${resumed}`;
}

type Call = { readonly name: string; readonly args: readonly string[]; readonly result: string };

function parseCall(line: string): Call | null {
  const found = /^(?<name>\w+)\((?<args>.*)\)\s+= (?<result>.*)$/s.exec(line)?.groups;
  if (found === undefined || found['result']?.startsWith('-1') === true) return null;
  // With -xx nothing in a string is a comma.
  const args = (found['args'] ?? '').split(', ');
  return { name: found['name'] ?? '', args, result: found['result'] ?? '' };
}

type Reading = { readonly folder: string; readonly output: { text: string } };

function eventsOf(call: Call, { folder, output }: Reading): DiskEvent[] {
  const [first = '', second = ''] = call.args;
  if (call.name === 'write' && first.startsWith('1<')) return acksIn(output, textOf(second));
  const path = pathIn(call);
  const is_plain_open = call.name === 'openat' && !call.args.some((arg) => arg.includes('O_CREAT'));
  if (!path.startsWith(folder) || path.endsWith('-shm') || is_plain_open) return [];
  return [eventOf(call, path)];
}

function pathIn({ name, args: [first = ''], result }: Call): string {
  if (name === 'openat') return pathOf(result);
  return name === 'rename' || name === 'unlink' ? textOf(first) : pathOf(first);
}

function eventOf({ name, args }: Call, path: string): DiskEvent {
  const [, second = '', , offset] = args;
  switch (name) {
    case 'openat':
      return { kind: 'create', path };
    case 'pwrite64':
      return { kind: 'write', path, offset: Number(offset), bytes: bytesOf(second) };
    case 'ftruncate':
      return { kind: 'truncate', path, size: Number(second) };
    case 'fsync':
    case 'fdatasync':
      return { kind: 'sync', path };
    case 'rename':
      return { kind: 'rename', path, to: textOf(second) };
    case 'unlink':
      return { kind: 'unlink', path };
    default:
      throw new Error(`The trace has a ${name} of ${path}, of which no power cut knows.`);
  }
}

function acksIn(output: { text: string }, text: string): DiskEvent[] {
  const lines = (output.text + text).split('\n');
  output.text = lines.pop() ?? '';
  return lines
    .map((line) => JSON.parse(line) as Report)
    .flatMap((report) => (report.kind === 'ack' ? [{ kind: 'ack' as const, acks: report.acks }] : []));
}

/** `17</path>`, with the path in hex. */
function pathOf(descriptor: string): string {
  const inside = /<(?<path>[^>]*)>/.exec(descriptor)?.groups?.['path'] ?? '';
  return inside.includes('\\x') ? bytesOf(`"${inside}"`).toString('utf8') : inside;
}

function textOf(argument: string): string {
  return bytesOf(argument).toString('utf8');
}

function bytesOf(argument: string): Buffer {
  return Buffer.from(argument.replaceAll('"', '').replaceAll('\\x', ''), 'hex');
}
