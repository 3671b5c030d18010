// @ts-nocheck
// Compares what was anchored outside the database with the chain as it is now.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { anchorSignature } from '@attest/audit/canonical';

/**
 * @typedef {{ date: string, seq: string } | null} End
 * @typedef {(fault: { code: string, what: string, words: string }) => void} TellFault
 * @param {import('pg').Client} client
 * @param {{ folder: string, mayLack?: boolean, service: string, key: string | undefined }} options `mayLack`: nobody
 *   named the folder, so that there is none means no anchor
 * @param {TellFault} fault
 * @returns {Promise<{ anchors: number, signed: number, daysWithout: number, firstAnchor: End, newestAnchor: End }>} days
 *   between the first and the newest that have none: the service did not run, or somebody took it
 */
export async function verifyAnchors(client, { folder, mayLack = false, service, key }, fault) {
  const names = await anchorNames(folder, service, mayLack);
  let signed = 0;
  const readable = [];
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
    const { rows } = await client.query('SELECT hash FROM audit_entry WHERE seq = $1', [anchor.seq]);
    if (rows.length === 0)
      fault({
        code: 'ANCHORED_ENTRY_REMOVED',
        what: `entry ${anchor.seq}`,
        words: `${name} holds its hash, and it is not in the chain.`,
      });
    else if (rows[0].hash.toString('hex') !== anchor.hash)
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

/** @returns {Promise<string[]>} in the order of their days */
async function anchorNames(folder, service, mayLack) {
  const pattern = new RegExp(`^${service}-\\d{4}-\\d{2}-\\d{2}\\.anchor\\.json$`);
  try {
    return (await readdir(folder)).filter((name) => pattern.test(name)).sort();
  } catch (error) {
    if (mayLack && error.code === 'ENOENT') return [];
    throw new Error(
      `The anchors in ${folder} cannot be read (${error.code}): name the folder that the service's AUDIT_ANCHOR_STORE names.`,
    );
  }
}

const dayOf = (name) => name.slice(-'YYYY-MM-DD.anchor.json'.length, -'.anchor.json'.length);

function daysWithout(days) {
  if (days.length === 0) return 0;
  return (Date.parse(days.at(-1)) - Date.parse(days[0])) / 86_400_000 + 1 - days.length;
}

/**
 * Whoever rewrites a chain has to take the anchors that would show it. A service anchors on each day on which it
 * chains, so a day with entries and without an anchor says so; today's may be a moment behind its first entry.
 * @param {import('pg').Client} client
 * @param {string} service
 * @param {readonly string[]} days that have an anchor, in order
 * @param {TellFault} fault
 */
async function findMissing(client, service, days, fault) {
  const { rows } = await client.query(
    `SELECT (at AT TIME ZONE 'UTC')::date::text AS day, min(seq)::text AS first, max(seq)::text AS last
     FROM audit_entry GROUP BY 1 ORDER BY 1`,
  );
  if (days.length === 0 && rows.length > 0)
    return fault({
      code: 'ANCHORS_MISSING',
      what: `entries ${rows[0].first} to ${rows.at(-1).last}`,
      words: 'No anchor of this chain is in the folder: they were taken, or it is another folder.',
    });
  const today = new Date().toISOString().slice(0, 10);
  for (const { day, first, last } of rows)
    // Before the first anchor the service had nowhere to write them.
    if (day > days[0] && day < today && !days.includes(day))
      fault({
        code: 'ANCHOR_MISSING',
        what: `${service}-${day}.anchor.json`,
        words: `Entries ${first} to ${last} were chained on that day, and its anchor is not in the folder: it was taken, or could not be written.`,
      });
}

async function readAnchor(file) {
  try {
    const { service, date, seq, hash, at, signature } = JSON.parse(await readFile(file, 'utf8'));
    const whole = [service, date, seq, hash, at].every((one) => typeof one === 'string') && /^\d+$/.test(seq);
    return whole ? { service, date, seq, hash, at, signature: signature ?? null } : null;
  } catch {
    return null;
  }
}
