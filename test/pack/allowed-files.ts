import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What the packed app consists of, from the top of the archive. */
export type AllowedFiles = {
  /** Every file. */
  readonly all: readonly string[];
  /** Those of them that lie beside the archive, since the system loads them by itself. */
  readonly unpacked: readonly string[];
};

/** Where the app is packed for; the machine that packs. */
export type Target = { readonly platform: NodeJS.Platform; readonly arch: string };

const HASH = '[\\w-]{8}';
const CHUNK = new RegExp(`^[\\w-]+-${HASH}\\.js$`);
const ASSET = new RegExp(`^assets/[\\w-]+-${HASH}\\.(?:js|css|woff2)$`);

/**
 * The allow list. Of a folder, only files of the kinds named here count, and all of them: one of another kind is too
 * many in the app, one that was not packed is missing.
 */
export function allowedFiles(project: string, { platform, arch }: Target): AllowedFiles {
  const sqlite = 'node_modules/better-sqlite3';
  const native = `${sqlite}/prebuilds/${platform}-${arch}.node`;
  const kinds: readonly [string, RegExp][] = [
    ['out/main', /^main\.js$/],
    ['out/preload', /^preload\.cjs$/],
    ['out/backend', /^backend\.js$/],
    ['out/backend', CHUNK],
    ['out/renderer', /^index\.html$/],
    ['out/renderer', ASSET],
    [sqlite, /^(?:LICENSE|package\.json)$/],
    [`${sqlite}/lib`, /^(?:methods\/)?[\w-]+\.js$/],
  ];
  const found = kinds.flatMap(([folder, kind]) => filesOfKind(project, folder, kind));
  return { all: ['LICENSE', 'package.json', native, ...found].toSorted(), unpacked: [native] };
}

function filesOfKind(project: string, folder: string, kind: RegExp): string[] {
  const files = filesUnder(join(project, folder)).filter((path) => kind.test(path));
  if (files.length === 0)
    throw new Error(`Nothing in ${folder} is of the kind ${String(kind)}; build first.`);
  return files.map((path) => `${folder}/${path}`);
}

/** The files in a folder and its folders, from its top, with `/`. */
export function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    );
}
