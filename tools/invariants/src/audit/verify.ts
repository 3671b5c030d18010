// npm run audit:verify [-- --service <name>] [--database-url <url>] [--anchors <folder>] [--json]
// Verifies the audit chains: of the stack that `npm start` keeps up (on the server of DATABASE_URL, where that named it
// one), or of the database that --database-url names. AUDIT_ANCHOR_KEY checks the anchors' signatures. Ends with 0 when
// nothing is wrong, 1 when something is, 2 when it could not look.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { serviceUrl } from '@attest/stack/databases';
import { stateFolder } from '@attest/stack/paths';
import { AUDITED } from './audited.js';
import { verifyAnchors, type AnchorOptions, type Anchors, type End } from './verify-anchors.js';
import { verifyChain, type Chain, type Fault } from './verify-chain.js';

const SHOWN = 50;

/** A chain to look at, and where its anchors are, if anywhere. */
interface Chosen extends Pick<AnchorOptions, 'mayLack'> {
  readonly service: string;
  readonly url: string;
  readonly folder?: string | undefined;
}

/** What is printed of one service. */
interface Verified extends Chain, Anchors {
  readonly service: string;
  readonly seconds: number;
  readonly faults: readonly Fault[];
}

const { values: options } = parseArgs({
  options: {
    service: { type: 'string' },
    'database-url': { type: 'string' },
    anchors: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});

function chosen(): Chosen[] {
  const { service, 'database-url': url, anchors } = options;
  if (url && !service) throw new Error('--database-url is of one service: say which with --service.');
  if (service && !(AUDITED as readonly string[]).includes(service))
    throw new Error(`${service} keeps no audit chain; these do: ${AUDITED.join(', ')}.`);
  if (url && service) return [{ service, url, folder: anchors }];
  const folder = anchors ?? join(stateFolder(), 'run', 'files', 'audit');
  const mayLack = anchors === undefined;
  return (service ? [service] : AUDITED).map((name) => ({
    service: name,
    url: localUrl(name),
    folder,
    mayLack,
  }));
}

function localUrl(service: string): string {
  const folder = join(stateFolder(), 'run', 'postgres');
  const server = process.env.DATABASE_URL || embeddedServer(folder);
  // The passwords of the roles that `npm start` made, wherever the server is.
  if (server && existsSync(join(folder, 'secrets.json'))) return serviceUrl(server, folder, service);
  throw new Error(
    'No local stack is up. Start one with `npm start`, or set DATABASE_URL as it was set for it, or name a database: --service <name> --database-url <url>.',
  );
}

function embeddedServer(folder: string): string | false {
  const lock = join(folder, 'data', 'postmaster.pid');
  return existsSync(lock) && `postgres://127.0.0.1:${readFileSync(lock, 'utf8').split('\n')[3]}`;
}

async function verify({ service, url, folder, mayLack }: Chosen): Promise<Verified> {
  const client = new pg.Client({ connectionString: url, application_name: 'attest-audit-verify' });
  const faults: Fault[] = [];
  const fault = (one: Fault) => void faults.push(one);
  await client.connect();
  try {
    const started = performance.now();
    const chain = await verifyChain(client, fault);
    const anchored: Anchors = folder
      ? await verifyAnchors(client, { folder, mayLack, service, key: process.env.AUDIT_ANCHOR_KEY }, fault)
      : { anchors: 0, signed: 0, daysWithout: 0, firstAnchor: null, newestAnchor: null };
    const seconds = (performance.now() - started) / 1000;
    return { service, ...chain, ...anchored, seconds: Number(seconds.toFixed(2)), faults };
  } finally {
    await client.end();
  }
}

function tell({ service, entries, head, unchained, seconds, faults, ...anchored }: Verified): void {
  const { anchors, signed, daysWithout, firstAnchor, newestAnchor } = anchored;
  const end = ({ seq, date }: End) => `entry ${seq} on ${date}`;
  const reach = firstAnchor && newestAnchor ? ` from ${end(firstAnchor)} to ${end(newestAnchor)}` : '';
  const tail = Object.entries(unchained).map(([table, rows]) => `${table} ${rows}`);
  console.log(
    `${service}: ${entries} entries in ${seconds} s, the newest of ${head.at ?? 'never'}; ${anchors} anchors${reach} (${signed} signed, ${daysWithout} days between them without); not yet chained: ${tail.join(', ') || 'no audited table'}; ${faults.length === 0 ? 'nothing is wrong' : `${faults.length} faults`}`,
  );
  for (const { code, what, words } of faults.slice(0, SHOWN)) console.log(`  ${code}  ${what}: ${words}`);
  if (faults.length > SHOWN) console.log(`  and ${faults.length - SHOWN} more; --json lists them all`);
}

try {
  const found: Verified[] = [];
  for (const one of chosen()) found.push(await verify(one));
  if (options.json) console.log(JSON.stringify(found, null, 2));
  else found.forEach(tell);
  process.exitCode = found.some(({ faults }) => faults.length > 0) ? 1 : 0;
} catch (error) {
  console.error((error instanceof Error && error.message) || String(error));
  process.exitCode = 2;
}
