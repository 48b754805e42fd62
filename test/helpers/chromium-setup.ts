import { findChromium } from './chromium.ts';

/** Before any e2e test: find the browser once, say which, and fail here rather than in every test. */
export default async function setup(): Promise<void> {
  const { source, path, version } = await findChromium();
  console.log(`Chromium (${source}): ${version}, ${path}`);
}
