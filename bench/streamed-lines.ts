/**
 * An answer of 3,000 lines with lists, code and tables, streamed into the talk: every task of the window's main thread,
 * beside an empty page that works 5 ms a frame while the same answer is streamed to nobody. Build first
 * (`npm run build`).
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { type ScriptedModel, startScriptedModel } from '../test/helpers/scripted-openai.ts';
import { call } from '../test/helpers/call.ts';
import { withDataDir, withPage, withServer } from './ade-page.ts';
import { print } from './figures.ts';
import { beatEmptyPage, type MainThread, recordMainThread, toldTasks } from './main-thread.ts';

const LINES = 3000;
const RUNS = 3;
/** Characters of a piece as a model sends it. */
const PIECE = 12;
/** A thousand pieces a second, more than models write. */
const PIECES_AT_ONCE = 8;
const PAUSE_MS = 8;
/** Milliseconds above the empty page that no task may take. */
const AIM = 50;

const model = await startScriptedModel(() => ({ kind: 'chunks', chunks: piecesOf(manyLines(LINES)) }));
let missed = false;
try {
  for (let run = 1; run <= RUNS; run += 1) {
    const empty = await measure(model, 'empty');
    const talk = await measure(model, 'talk');
    const above = talk.worst - empty.worst;
    missed ||= above > AIM;
    print(`streamed lines, run ${run}: ${LINES} lines in ${(talk.took / 1000).toFixed(1)} s`);
    print(`  talk:       ${toldTasks(talk)}`);
    print(`  empty page: ${toldTasks(empty)}`);
    print(
      `  above it:   worst ${above.toFixed(1)} ms (aim <= ${AIM}), p99 ${(talk.p99 - empty.p99).toFixed(1)} ms`,
    );
  }
} finally {
  await model.close();
}
if (missed) process.exitCode = 1;

/** One answer, recorded in a page that shows it or in one that shows nothing. */
function measure({ base_url }: ScriptedModel, shown: 'talk' | 'empty'): Promise<MainThread> {
  const env = { OPENAI_API_KEY: 'sk-bench', OPENAI_BASE_URL: base_url };
  return withDataDir((dataDir) =>
    withServer(dataDir, env, (url) =>
      withPage(async (page, browser) => {
        const conversation_id = await newConversation(url);
        await (shown === 'talk' ? openTalk(page, url) : beatEmptyPage(page));
        return recordMainThread(browser, page, () => answer(url, conversation_id));
      }),
    ),
  );
}

async function newConversation(url: string): Promise<string> {
  const { agents } = await call(url, 'agents.list', {});
  const agent_id = agents[0]?.id ?? '';
  await call(url, 'agents.update', { agent_id, model: 'openai/gpt-4o-mini' });
  const { conversations } = await call(url, 'conversations.list', { agent_id });
  return conversations[0]?.id ?? '';
}

async function openTalk(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/ade/`);
  await page.getByRole('textbox', { name: 'Message', exact: true }).waitFor();
}

/** Asks, and waits until the run has ended and the page has shown its end. */
async function answer(url: string, conversation_id: string): Promise<void> {
  await call(url, 'messages.send', { conversation_id, text: 'Go on', otid: 'go-on' });
  for (;;) {
    await delay(500);
    const { run } = await call(url, 'runs.current', { conversation_id });
    if (run?.state === 'running') continue;
    if (run?.state !== 'completed') throw new Error(`The run ended as ${run?.state}.`);
    await delay(1000);
    return;
  }
}

function piecesOf(text: string): { text: string; after: Promise<unknown> }[] {
  const pieces = text.match(new RegExp(`[^]{1,${PIECE}}`, 'gu')) ?? [];
  let due: Promise<unknown> = Promise.resolve();
  const start = performance.now();
  return pieces.map((piece, at) => {
    if (at % PIECES_AT_ONCE === 0) due = pausedUntil(start + (at / PIECES_AT_ONCE) * PAUSE_MS);
    return { text: piece, after: due };
  });
}

function pausedUntil(due: number): Promise<unknown> {
  return delay(Math.max(0, due - performance.now()));
}

/** Sections of a heading, a paragraph, a list, a table and code, until there are so many lines. */
function manyLines(count: number): string {
  const lines: string[] = [];
  for (let section = 1; lines.length < count; section += 1) lines.push(...sectionLines(section));
  return lines.slice(0, count).join('\n');
}

function sectionLines(section: number): string[] {
  return [
    `## Part ${section} of the long answer`,
    '',
    `This paragraph says **something** about part ${section}, with \`code\` in it and a [link](https://example.com/${section}).`,
    '',
    ...Array.from({ length: 8 }, (_each, at) => `- Point ${at + 1}: the harbour, the *garden* and the trip`),
    '',
    '| Name | Value | Note |',
    '| --- | ---: | --- |',
    ...Array.from({ length: 8 }, (_each, at) => `| row ${at} | ${section * at} | said on a **Tuesday** |`),
    '',
    '```ts',
    ...Array.from({ length: 10 }, (_each, at) => `const value${at} = readValue(${section}, ${at});`),
    '```',
    '',
  ];
}
