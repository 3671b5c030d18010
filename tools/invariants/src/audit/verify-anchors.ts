// Compares what was anchored outside the database with the chain as it is now.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClientBase } from 'pg';
import { anchorSignature, type Anchor } from '@attest/audit/canonical';
import { ENTRIES_BETWEEN, type TellFault } from './verify-chain.js';

/** An entry that an anchor holds, and the day of the anchor. */
export type End = Pick<Anchor, 'date' | 'seq'>;

export interface Anchors {
  readonly anchors: number;
  readonly signed: number;
  /** Days between the first and the newest that have none: the service did not run, or somebody took it. */
  readonly daysWithout: number;
  readonly firstAnchor: End | null;
  readonly newestAnchor: End | null;
}

export interface AnchorOptions {
  readonly folder: string;
  /** Nobody named the folder, so that there is none means no anchor. */
  readonly mayLack?: boolean | undefined;
  readonly service: string;
  readonly key: string | undefined;
}

export async function verifyAnchors(
  client: ClientBase,
  { folder, mayLack = false, service, key }: AnchorOptions,
  fault: TellFault,
): Promise<Anchors> {
  const names = await anchorNames(folder, service, mayLack);
  let signed = 0;
  const readable: End[] = [];
  for (const name of names) {
    const anchor = await readAnchor(join(folder, name));
    if (!anchor) {
      fault({ code: 'ANCHOR_UNREADABLE', what: name, words: 'It is not an anchor.' });
      continue;
    }
    const { signature, ...told } = anchor;
    if (signature !== null) signed++;
    readable.push({ date: told.date, seq: told.seq });
    if (name !== `${told.service}-${told.date}.anchor.json`)
      fault({ code: 'ANCHOR_FORGED', what: name, words: 'It is the anchor of another service or day.' });
    if (key !== undefined && signature !== anchorSignature(told, key))
      fault({ code: 'ANCHOR_FORGED', what: name, words: 'Its signature is not of this key.' });
    const { rows } = await client.query<{ hash: Buffer }>(`SELECT hash FROM ${ENTRIES_BETWEEN} entry`, [
      String(BigInt(anchor.seq) - 1n),
      anchor.seq,
    ]);
    const [entry] = rows;
    if (!entry)
      fault({
        code: 'ANCHORED_ENTRY_REMOVED',
        what: `entry ${anchor.seq}`,
        words: `${name} holds its hash, and it is not in the chain.`,
      });
    else if (entry.hash.toString('hex') !== anchor.hash)
      fault({
        code: 'CHAIN_REWRITTEN',
        what: `entry ${anchor.seq}`,
        words: `Its hash is another than the one in ${name}: this entry, or one before it, was written anew.`,
      });
  }
  const days = names.map(dayOf);
  await findMissing(client, service, days, fault);
  return {
    anchors: names.length,
    signed,
    daysWithout: daysWithout(days),
    firstAnchor: readable[0] ?? null,
    newestAnchor: readable.at(-1) ?? null,
  };
}

/** In the order of their days. */
async function anchorNames(folder: string, service: string, mayLack: boolean): Promise<string[]> {
  const pattern = new RegExp(`^${service}-\\d{4}-\\d{2}-\\d{2}\\.anchor\\.json$`);
  try {
    return (await readdir(folder)).filter((name) => pattern.test(name)).sort();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (mayLack && code === 'ENOENT') return [];
    throw new Error(
      `The anchors in ${folder} cannot be read (${code}): name the folder that the service's AUDIT_ANCHOR_STORE names.`,
    );
  }
}

const dayOf = (name: string) => name.slice(-'YYYY-MM-DD.anchor.json'.length, -'.anchor.json'.length);

function daysWithout(days: readonly string[]): number {
  const [first, newest] = [days[0], days.at(-1)];
  if (first === undefined || newest === undefined) return 0;
  return (Date.parse(newest) - Date.parse(first)) / 86_400_000 + 1 - days.length;
}

/**
 * Whoever rewrites a chain has to take the anchors that would show it. A service anchors on each day on which it
 * chains, so a day with entries and without an anchor says so; today's may be a moment behind its first entry.
 * @param days that have an anchor, in order
 */
async function findMissing(
  client: ClientBase,
  service: string,
  days: readonly string[],
  fault: TellFault,
): Promise<void> {
  const { rows } = await client.query<{ day: string; first: string; last: string }>(
    `SELECT (at AT TIME ZONE 'UTC')::date::text AS day, min(seq)::text AS first, max(seq)::text AS last
     FROM (SELECT at, seq FROM audit_entry_row
           UNION ALL SELECT at, unnest(ARRAY[first_seq, last_seq]) FROM audit_lot) entry
     GROUP BY 1 ORDER BY 1`,
  );
  const [begin] = days;
  if (begin === undefined) {
    if (rows.length === 0) return;
    return fault({
      code: 'ANCHORS_MISSING',
      what: `entries ${rows[0]?.first} to ${rows.at(-1)?.last}`,
      words: 'No anchor of this chain is in the folder: they were taken, or it is another folder.',
    });
  }
  const today = new Date().toISOString().slice(0, 10);
  for (const { day, first, last } of rows)
    // Before the first anchor the service had nowhere to write them.
    if (day > begin && day < today && !days.includes(day))
      fault({
        code: 'ANCHOR_MISSING',
        what: `${service}-${day}.anchor.json`,
        words: `Entries ${first} to ${last} were chained on that day, and its anchor is not in the folder: it was taken, or could not be written.`,
      });
}

async function readAnchor(file: string): Promise<(Anchor & { readonly signature: string | null }) | null> {
  try {
    const told = JSON.parse(await readFile(file, 'utf8')) as Partial<Anchor & { signature: string | null }>;
    if (!isAnchor(told)) return null;
    const { service, date, seq, hash, at, signature = null } = told;
    return { service, date, seq, hash, at, signature };
  } catch {
    return null;
  }
}

const isAnchor = <Told extends Partial<Anchor>>(told: Told): told is Told & Anchor =>
  [told.service, told.date, told.seq, told.hash, told.at].every((one) => typeof one === 'string') &&
  /^\d+$/.test(told.seq ?? '');
