/** E15: whatever the app is started with, at most the text of an agent file reaches a page. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { agentFilesIn, createOpenedFiles, type OpenedFiles } from '../../electron/shell/opened-files.ts';
import { tempDir } from '../helpers/temp-dir.ts';

function opened(): { files: OpenedFiles; told: string[] } {
  const told: string[] = [];
  return { files: createOpenedFiles((name, problem) => told.push(`${name}: ${problem}`)), told };
}

describe('what the app is started with', () => {
  test('agent files are found by path and by address, from the folder of the one who started it', () => {
    const folder = tempDir();
    const whole = join(folder, 'my agent.af');
    expect(agentFilesIn(['.', '--no-sandbox', 'kit.af', whole, pathToFileURL(whole).href], folder)).toEqual([
      resolve(folder, 'kit.af'),
      whole,
      whole,
    ]);
    expect(agentFilesIn(['KIT.AF'], folder)).toEqual([resolve(folder, 'KIT.AF')]);
  });

  test.each([
    '',
    '.',
    '/',
    '..',
    'kit',
    'kit.af.exe',
    'kit.json',
    'kit.af/',
    'kit.af\0',
    'kit.af?run=1',
    'kit.af#send',
    '-kit.af',
    '--kit.af',
    '--import=kit.af',
    '--user-data-dir=/x/kit.af',
    'memoir:kit.af',
    'memoir://import/kit.af',
    'memoir://app/index.html#/kit.af',
    'memoir://send?text=kit.af',
    'letta://agents/kit.af',
    'http://127.0.0.1:8283/kit.af',
    'https://evil.example/kit.af',
    'ftp://evil.example/kit.af',
    'smb://evil.example/kit.af',
    'javascript:alert(1)//kit.af',
    'data:application/json,{}kit.af',
    'blob:https://evil.example/kit.af',
    'file://evil.example/share/kit.af',
    'file:///tmp/kit%00.af',
    'file:///tmp/kit%2F.af.sh',
    'FILE://evil/kit.af',
    'ms-settings:kit.af',
  ])('%j opens nothing', (argument) => {
    expect(agentFilesIn([argument], '/home/kit')).toEqual([]);
  });
});

describe('files that wait for a page', () => {
  test('are read one by one, when they are taken', () => {
    const folder = tempDir();
    const { files, told } = opened();
    const [first, second] = [join(folder, 'a.af'), join(folder, 'b.af')];
    files.add([first]);
    files.add([second]);
    writeFileSync(first, '{"a":1}');
    writeFileSync(second, '{"b":"ä"}');
    expect([files.take(), files.take(), files.take()]).toEqual([
      { name: 'a.af', text: '{"a":1}' },
      { name: 'b.af', text: '{"b":"ä"}' },
      null,
    ]);
    expect(told).toEqual([]);
  });

  test('that can not be read are told about, and the next one is taken', () => {
    const folder = tempDir();
    const { files, told } = opened();
    mkdirSync(join(folder, 'folder.af'));
    writeFileSync(join(folder, 'good.af'), '{}');
    files.add(['gone.af', 'folder.af', 'good.af'].map((name) => join(folder, name)));
    expect(files.take()).toEqual({ name: 'good.af', text: '{}' });
    expect(told).toEqual(['gone.af: unreadable', 'folder.af: no_file']);
  });

  test('are announced, at most twenty wait, and nothing is announced when nothing was opened', () => {
    const { files, told } = opened();
    let announced = 0;
    files.listen(() => (announced += 1));
    files.add([]);
    expect(announced).toBe(0);
    files.add(Array.from({ length: 500 }, (_each, index) => `/nowhere/${index}.af`));
    expect(announced).toBe(1);
    expect(files.take()).toBeNull();
    expect(told).toHaveLength(20);
  });
});
