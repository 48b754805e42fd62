import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { allowedFiles, filesUnder, type Target } from './allowed-files.ts';
import { openAsar } from './asar.ts';
import { fuseProblems } from './fuses.ts';
import type { PackedApp } from './pack-app.ts';

/** What the packed `package.json` may say; nothing of how the app is developed. */
const PACKAGE_FIELDS = new Set([
  'name',
  'productName',
  'version',
  'description',
  'author',
  'license',
  'type',
  'main',
  'bin',
  'engines',
  'dependencies',
  'optionalDependencies',
  'overrides',
  'allowScripts',
]);

/** Everything that is wrong with a packed app, in words; empty for one that may be given to people. */
export function packedProblems(project: string, target: Target, app: PackedApp): string[] {
  return [
    ...fileProblems(project, target, app),
    ...packageProblems(app),
    ...fuseProblems(app.program),
    ...(existsSync(join(app.resources, 'app')) ? ['there is an app folder beside the archive'] : []),
  ];
}

function fileProblems(project: string, target: Target, { resources }: PackedApp): string[] {
  const archive = join(resources, 'app.asar');
  const asar = openAsar(archive);
  const allowed = allowedFiles(project, target);
  const marked = asar.files.filter(({ unpacked }) => unpacked).map(({ path }) => path);
  return [
    ...differences(
      'in the archive',
      asar.files.map(({ path }) => path),
      allowed.all,
    ),
    ...differences('marked as beside the archive', marked, allowed.unpacked),
    ...differences('beside the archive', filesUnder(`${archive}.unpacked`), allowed.unpacked),
    ...asar.damaged().map((path) => `${path} is not what its digest was made from`),
  ];
}

function differences(where: string, found: readonly string[], wanted: readonly string[]): string[] {
  return [
    ...found
      .filter((path) => !wanted.includes(path))
      .map((path) => `${path} is ${where}, and not allowed there`),
    ...wanted.filter((path) => !found.includes(path)).map((path) => `${path} is not ${where}`),
  ];
}

function packageProblems({ resources }: PackedApp): string[] {
  const text = openAsar(join(resources, 'app.asar')).read('package.json').toString();
  const fields = JSON.parse(text) as Record<string, unknown>;
  return [
    ...Object.keys(fields)
      .filter((name) => !PACKAGE_FIELDS.has(name))
      .map((name) => `package.json says ${name}`),
    ...(fields['type'] === 'module' ? [] : ['package.json does not make the app an ES module']),
    ...(fields['main'] === 'out/main/main.js' ? [] : ['package.json does not lead to out/main/main.js']),
  ];
}
