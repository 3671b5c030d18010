// Compares what was anchored outside the database with the chain as it is now.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { anchorSignature } from '../../libs/audit/dist/canonical.js';

/**
 * @param {import('pg').Client} client
 * @param {{ folder: string, service: string, key: string | undefined }} options
 * @param {(fault: { code: string, what: string, words: string }) => void} fault
 * @returns {Promise<{ anchors: number, signed: number, daysWithout: number }>} days between the first and the newest
 *   that have none: the service did not run, or somebody took it
 */
export async function verifyAnchors(client, { folder, service, key }, fault) {
  const pattern = new RegExp(`^${service}-\\d{4}-\\d{2}-\\d{2}\\.anchor\\.json$`);
  const names = (await readdir(folder).catch(() => [])).filter((name) => pattern.test(name)).sort();
  let signed = 0;
  for (const name of names) {
    const anchor = await readAnchor(join(folder, name));
    if (!anchor) {
      fault({ code: 'ANCHOR_UNREADABLE', what: name, words: 'It is not an anchor.' });
      continue;
    }
    const { signature, ...told } = anchor;
    if (signature !== null) signed++;
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
  return { anchors: names.length, signed, daysWithout: daysWithout(names) };
}

function daysWithout(names) {
  if (names.length === 0) return 0;
  const day = (name) => Date.parse(name.slice(-'YYYY-MM-DD.anchor.json'.length, -'.anchor.json'.length));
  return (day(names.at(-1)) - day(names[0])) / 86_400_000 + 1 - names.length;
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
