import { launchChromium } from '../helpers/chromium.ts';
import { makePayloads, type Payload } from './payloads.ts';
import { fillStage } from './stage.ts';
import {
  visitActivity,
  visitArchive,
  visitContext,
  visitImport,
  visitSettings,
  visitState,
  visitStreams,
  visitTalks,
  type Visit,
} from './surfaces.ts';
import { startCanary, watchEscapes } from './watch.ts';

/** What became of the payloads. */
export type DrillReport = {
  readonly payloads: number;
  /** How often the talk changed on screen while they were streamed. */
  readonly changes_streamed: number;
  /** What got out; see {@link watchEscapes}. */
  readonly escapes: readonly string[];
  /** Requests the canary got. */
  readonly hits: readonly string[];
};

/** How much to try. */
export type DrillOptions = {
  readonly dataDir: string;
  readonly payloads: number;
  /** Payloads that are streamed in one answer. */
  readonly together: number;
  /** Told before each surface. */
  readonly log?: (line: string) => void;
};

/** Shows payloads on every surface of the ADE that shows text, streamed and stored, and tells what got out. */
export async function drillUntrusted(options: DrillOptions): Promise<DrillReport> {
  const { log = () => undefined } = options;
  const canary = await startCanary();
  const payloads = makePayloads(canary.url, options.payloads);
  log('filling');
  const stage = await fillStage(options.dataDir, payloads);
  const browser = await launchChromium();
  try {
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      reducedMotion: 'reduce',
    });
    const escapes = await watchEscapes(context, stage.url);
    const visit: Visit = { page: await context.newPage(), stage, payloads };
    log('streams');
    const changes_streamed = await visitStreams(visit, options.together);
    for (const [name, surface] of Object.entries(SURFACES)) {
      log(name);
      await surface(visit);
    }
    return { payloads: payloads.length, changes_streamed, escapes, hits: canary.hits };
  } finally {
    await browser.close();
    await stage.close();
    await canary.close();
  }
}

const SURFACES: Readonly<Record<string, (visit: Visit) => Promise<void>>> = {
  talks: visitTalks,
  state: visitState,
  archive: visitArchive,
  activity: visitActivity,
  context: visitContext,
  settings: visitSettings,
  import: visitImport,
};

/** The same payloads in a page that takes text for HTML, under the policy given: what the watch then tells. */
export async function drillHole(
  pageUrl: string,
  canaryUrl: string,
  count: number,
): Promise<readonly string[]> {
  const browser = await launchChromium();
  try {
    const context = await browser.newContext();
    const escapes = await watchEscapes(context, new URL(pageUrl).origin);
    const page = await context.newPage();
    await page.goto(pageUrl);
    await page.evaluate(showAsHtml(makePayloads(canaryUrl, count)));
    await page.waitForTimeout(500);
    return escapes;
  } finally {
    await browser.close();
  }
}

function showAsHtml(payloads: readonly Payload[]): string {
  return `for (const text of ${JSON.stringify(payloads.map(({ text }) => text))}) {
    const box = document.body.appendChild(document.createElement('div'));
    try {
      box.innerHTML = text;
    } catch {
      // Refused by the policy, which is what the watch hears.
    }
  }`;
}
