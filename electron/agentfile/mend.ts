import { MAX_NAME_CHARS } from '../../shared/contract/transfer.ts';
import { fromJson, toJson } from '../store/encoding.ts';
import type { BackupRow, BackupRows } from '../store/import.ts';
import { DEFAULT_LIMIT_CHARS } from './rows.ts';

const NAMELESS_AGENT = 'Imported agent';
const NAMELESS_BLOCK = 'block';

type Mended = { readonly rows: BackupRows; readonly repairs: readonly string[] };

/**
 * Gives agents a name, and blocks a limit and a label that no other block of their agent has, where a file holds none
 * that can be used. `repairs` says so in sentences.
 */
export function mendRows(rows: BackupRows): Mended {
  const repairs: string[] = [];
  const agent = rows.agent.map((row) => ({ ...row, name: mendName(String(row['name']), repairs) }));
  const changes = mendBlocks(rows, repairs);
  if (repairs.length === 0) return { rows, repairs };
  const block = rows.block.map((row): BackupRow => ({ ...row, ...changes.get(row['id']) }));
  const newest = new Map(block.map((row) => [row['id'], row]));
  // The newest version of a block says what it is.
  const block_version = rows.block_version.map((row) => {
    const change = changes.get(row['block_id']);
    if (change === undefined || newest.get(row['block_id'])?.['version'] !== row['version']) return row;
    const { label, char_limit: limit } = change;
    const settings = toJson({ ...fromJson<object>(String(row['settings'])), label, limit });
    return { ...row, label, settings };
  });
  return { rows: { ...rows, agent, block, block_version }, repairs };
}

function mendName(came: string, repairs: string[]): string {
  if (came.trim() === '') {
    repairs.push(`An agent of the file has no name; it is called ${NAMELESS_AGENT}.`);
    return NAMELESS_AGENT;
  }
  if (came.length <= MAX_NAME_CHARS) return came;
  const name = came.slice(0, MAX_NAME_CHARS).replace(/[\uD800-\uDBFF]$/u, '');
  repairs.push(`The name ${name.slice(0, 40)}... has ${came.length} characters; cut to ${MAX_NAME_CHARS}.`);
  return name;
}

type BlockChange = { readonly label: string; readonly char_limit: number };

function mendBlocks(rows: BackupRows, repairs: string[]): Map<unknown, BlockChange> {
  const changes = new Map<unknown, BlockChange>();
  const labels = new Map<unknown, Set<string>>();
  const homes = Map.groupBy(
    rows.agent_block.toSorted((a, b) => Number(a['ord']) - Number(b['ord'])),
    (link) => link['block_id'],
  );
  for (const row of inOrder(rows)) {
    const own = (homes.get(row['id']) ?? []).map(({ agent_id }) => {
      const known = labels.get(agent_id) ?? new Set<string>();
      labels.set(agent_id, known);
      return known;
    });
    const came = String(row['label']);
    const label = freeLabel(came.trim() === '' ? NAMELESS_BLOCK : came, own);
    for (const known of own) known.add(label);
    const limit = Number(row['char_limit']);
    const char_limit = limit < 1 ? DEFAULT_LIMIT_CHARS : limit;
    if (label !== came) repairs.push(sayLabel(came, label));
    if (char_limit !== limit) repairs.push(`Block ${label} has the limit ${limit}; it is now ${char_limit}.`);
    if (label !== came || char_limit !== limit) changes.set(row['id'], { label, char_limit });
  }
  return changes;
}

// As the agents name them, so that the first of two keeps its label. Those in the trash take no label from anyone.
function inOrder(rows: BackupRows): BackupRow[] {
  const byId = new Map(rows.block.map((row) => [row['id'] ?? null, row]));
  const named = rows.agent_block.toSorted((a, b) => Number(a['ord']) - Number(b['ord']));
  const living = new Set<BackupRow>();
  for (const { block_id } of named) {
    const row = byId.get(block_id ?? null);
    if (row !== undefined && row['deleted_at'] === null) living.add(row);
  }
  return [...living];
}

function sayLabel(came: string, label: string): string {
  if (came.trim() === '') return `A block has no label; it is called ${label}.`;
  return `Two blocks of an agent are labelled ${came}; the second is called ${label}.`;
}

function freeLabel(wanted: string, taken: readonly ReadonlySet<string>[]): string {
  let label = wanted;
  for (let copy = 2; taken.some((known) => known.has(label)); copy += 1) label = `${wanted}_${copy}`;
  return label;
}
