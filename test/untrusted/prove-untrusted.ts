import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drillUntrusted } from './drill.ts';

const payloads = Number(process.argv[2] ?? 120);
const dataDir = mkdtempSync(join(tmpdir(), 'memoir-prove-'));
try {
  const report = await drillUntrusted({ dataDir, payloads, together: 1, log: console.log });
  console.log(JSON.stringify(report, null, 2));
  if (report.escapes.length > 0 || report.hits.length > 0) process.exitCode = 1;
} finally {
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
}
