import { drillKills } from './drill.ts';

const kills = Number(process.argv[2] ?? 200);
const report = await drillKills(kills, Math.random);
console.log(JSON.stringify(report, null, 2));
if (report.lost.length > 0 || report.faults.length > 0) process.exitCode = 1;
