import { findChromium } from './chromium.ts';
import { BUILT } from './server-process.ts';

/**
 * Before any e2e test: find the browser once, say which, and fail here rather than in every test. These tests look at
 * what was built, so the servers are the built ones as well.
 */
export default async function setup(): Promise<void> {
  process.env[BUILT] = '1';
  const { source, path, version } = await findChromium();
  console.log(`Chromium (${source}): ${version}, ${path}`);
}
