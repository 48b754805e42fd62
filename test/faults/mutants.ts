import type { PartName } from './parts.ts';
import type { Finding } from './verify/findings.ts';

/** A planted fault: what of a source file becomes what, and the part of the harness that has to find it. */
export type Mutant = {
  readonly name: string;
  readonly edits: readonly { readonly file: string; readonly find: string; readonly replace: string }[];
  readonly part: PartName;
  /** What that part has to find; anything else may have another reason. */
  readonly finds: Finding['kind'];
  /** What of that part is enough: a point, or `null` for its first case, or its first power cuts. */
  readonly point: string | null;
};

/** The planted faults. */
export const mutants: readonly Mutant[] = [
  {
    name: 'acknowledge before commit',
    part: 'points',
    finds: 'lost',
    point: 'send: at the deed',
    edits: [
      {
        file: 'electron/agent/send.ts',
        find: '  const { conversation_id, mailbox } = target;\n',
        replace: `  const { conversation_id, mailbox } = target;
  if (!('late' in input)) {
    const inbox_id = deps.clock.newId('inbox');
    const newId = (prefix: string) => (prefix === 'inbox' ? inbox_id : deps.clock.newId(prefix));
    const late = { ...input, late: true };
    setTimeout(() => void sendMessage({ ...deps, clock: { ...deps.clock, newId } }, target, late), 20);
    return { inbox_id, state: 'queued' };
  }
`,
      },
    ],
  },
  {
    name: 'split transaction',
    part: 'points',
    finds: 'half',
    point: 'edit a block by tool: after the commit',
    edits: [
      {
        file: 'electron/agent/tool-step.ts',
        find: '  const kept = await database.transaction(async (tx) => {\n',
        replace: `  const early = await database.transaction((tx) => produceResult(tx, deps, { ...work, tool, events }));
  const kept = await database.transaction(async (tx) => {
`,
      },
      {
        file: 'electron/agent/tool-step.ts',
        find: '    const result = await produceResult(tx, deps, { ...work, tool, events });\n',
        replace: '    const result = early;\n',
      },
    ],
  },
  {
    name: 'synchronous NORMAL',
    part: 'power',
    finds: 'lost',
    point: null,
    edits: [
      {
        file: 'electron/store/open.ts',
        find: "  handle.pragma('synchronous = FULL');\n",
        replace: "  handle.pragma('synchronous = NORMAL');\n",
      },
      {
        file: 'electron/store/open.ts',
        find: "  assertPragma(handle, 'synchronous', 2);\n",
        replace: '',
      },
    ],
  },
  {
    name: 'no compare-and-swap',
    part: 'writers',
    finds: 'lost',
    point: null,
    edits: [
      {
        file: 'electron/memory/blocks.ts',
        find: 'readBase(tx, current, changes.base_version ?? current.version)',
        replace: 'readBase(tx, current, current.version)',
      },
    ],
  },
  {
    name: 'no recovery',
    part: 'points',
    finds: 'silent',
    point: 'calls kept: after the commit',
    edits: [
      {
        file: 'electron/agent/runtime.ts',
        find: 'of await listAbandonedRuns(database.read, { instance_id, now: clock.now() })) {',
        replace:
          'of (await listAbandonedRuns(database.read, { instance_id, now: clock.now() })).slice(0, 0)) {',
      },
    ],
  },
  {
    name: 'deferred BEGIN',
    part: 'counters',
    finds: 'other',
    point: null,
    edits: [
      {
        file: 'electron/store/database.ts',
        find: "CompiledQuery.raw('begin immediate')",
        replace: "CompiledQuery.raw('begin deferred')",
      },
    ],
  },
];

/** A source text with an edit made. Throws when the text has moved on and no longer holds what is to be replaced once. */
export function plant(text: string, { file, find, replace }: Mutant['edits'][number]): string {
  const parts = text.split(find);
  if (parts.length !== 2) {
    throw new Error(
      `${file} holds ${parts.length - 1} times what a mutant replaces; bring the mutant up to date: ${find}`,
    );
  }
  return parts.join(replace);
}
