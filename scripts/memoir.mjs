#!/usr/bin/env node
// The `memoir` command. Parsed by any Node with ES modules, so that an old one gets a sentence and not a stack trace.
import { existsSync } from 'node:fs';
import nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';

const USAGE = `Usage: memoir server [--port N] [--host ADDRESS] [--data FOLDER] [--debug]
       memoir token [--rotate] [--data FOLDER]
       memoir diagnose [AGENT] [--port N] [--host ADDRESS] [--data FOLDER]
       memoir doctor [--repair] [--agent AGENT] [--json] [--port N] [--host ADDRESS] [--data FOLDER]

server: runs Memoir without a window
  --port    8283 by default; 0 takes a free one
  --host    127.0.0.1 by default; any other address asks callers for a token
  --data    where agents are kept; MEMOIR_DATA or the user's data folder by default
  --debug   log to the terminal as well, with a line for each request, and print full errors

token: shows the token kept in the data folder, making one if there is none
  --rotate  make a new one; the old one stops counting at once

diagnose: asks the server that runs what is wrong, for an agent (its name or id) or the one used last
          ends with code 1 when something is in trouble or nothing answers

doctor: looks whether everything in the store is sound, by the server that runs or, when none does, on the files
  --repair  mends what can be mended, after a backup, and says what it did
  --agent   looks at one agent, its name or id
  --json    prints what was found as JSON
          ends with code 1 when something is left that needs a look
`;

const pathOf = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const CACHE = pathOf('../node_modules/.cache/memoir');

/** The bundle starts faster; a checkout that was never built runs from source. */
async function loadServer() {
  const bundle = pathOf('../out/server/server.cjs');
  if (!existsSync(bundle)) return import(new URL('../electron/server.ts', import.meta.url).href);
  const { loadBundle } = await import('./bundle.mjs');
  return loadBundle(bundle, CACHE);
}

async function run() {
  const [command, ...args] = process.argv.slice(2);
  if (command === undefined || command === 'help' || command === '--help' || command === '-h') {
    process.stdout.write(USAGE);
    return;
  }
  if (command === 'token') return (await loadServer()).runToken(args);
  if (command === 'diagnose') return (await loadServer()).runDiagnose(args);
  if (command === 'doctor') return (await loadServer()).runDoctor(args);
  if (command !== 'server') throw new Error('unknown command "' + command + '".\n' + USAGE);
  const { serve } = await import('./serve.mjs');
  await serve(loadServer, args);
}

function fail(message) {
  process.stderr.write('memoir: ' + message + '\n');
  process.exitCode = 1;
}

if (Number(process.versions.node.split('.')[0]) < 24) {
  fail('needs Node 24 or newer, this is ' + process.versions.node + '; see https://nodejs.org');
} else {
  // Compiling is a large part of a start; where the folder can't be written, Node does without.
  nodeModule.enableCompileCache(CACHE);
  run().catch((error) => fail(error.message));
}
