// Declaring one after another over HTTP, beside node:http and pg that prove the same token and send the same statements.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectFolder } from '@attest/stack/paths';
import { freePort } from '@attest/stack/ports';
import { startChild } from '@attest/stack/processes';
import { untilReady } from '@attest/stack/services';
import { call } from '@attest/stack/http-client';
import type { BareDeclareCommands } from './bare-declare-process.js';
import { declarable } from './bulk-approval.js';
import { databaseOf, giveRole, openEngland } from './england-stack.js';
import { percentile, type Figure } from './figure.js';
import type { LoadCommands, SeenDeclaration } from './load-process.js';
import { OPEN_DECLARATIONS } from './membership-change.js';
import { statementsOf, type Recording, type SentStatement } from './recorded.js';
import { rotate } from './rotation.js';
import type { Stack, Stand, World } from './stand.js';

const AT_ONCE = [1, 8, 32];
/** As the service has it unless told otherwise. */
const POOL_SIZE = 12;
/** Rates and times, by figure. */
type Taken = Record<string, number>;

interface Replica extends Pick<Stack, 'world' | 'infrastructure'> {
  /** Of its database. */
  readonly url: string;
  readonly token: string;
  readonly issuer: string;
}

const BODY = { onBehalfReason: 'The benchmark declares for everybody.' };

export async function measure(stand: Stand): Promise<Figure[]> {
  const requests = stand.size(400, 40);
  const { world, infrastructure } = await openEngland(stand, stand.size(OPEN_DECLARATIONS, 0));
  const { viewer } = world.people;
  await giveRole(world, viewer, 'DECLARATION_MANAGEMENT');
  await world.settled();
  const rounds = (stand.rotations + 1) * AT_ONCE.length * 2;
  const waiting = await alike(world, rounds * requests + 3);
  const token = await world.token(viewer);
  const url = databaseOf(infrastructure, 'declaration-workflow');
  const claims = claimsOf(token);
  const replica = { world, infrastructure, url, token, issuer: claims.iss };
  const recorded = await record(stand, replica, waiting.splice(0, 3));

  const peer = await stand.worker<BareDeclareCommands>('bare-declare-process.js', 'bare-declare');
  const audience = [claims.aud].flat()[0] ?? '';
  const opening = { url, poolSize: POOL_SIZE, issuer: claims.iss, audience };
  const { port } = await peer.call('open', { ...opening, ...recorded });
  const load = await stand.worker<LoadCommands>('load-process.js', 'load');
  const contestant = (base: string) => async () => {
    const found: Taken = {};
    for (const concurrency of AT_ONCE) {
      const items = waiting.splice(0, requests);
      const { taken, ms } = await load.call('run', { url: base, token, items, concurrency, body: BODY });
      found[rateKey(concurrency)] = (requests / ms) * 1000;
      found[p99Key(concurrency)] = percentile(taken, 0.99);
      await world.settled();
    }
    return found;
  };
  const found = await rotate(stand.rotations, {
    ours: contestant(`${world.urls['declaration-workflow']}/api/v1`),
    bare: contestant(`http://127.0.0.1:${port}`),
  });
  const figure = (
    concurrency: number,
    key: string,
    more: Pick<Figure, 'name' | 'unit' | 'better' | 'target'>,
  ): Figure => ({
    ...more,
    ours: found.ours.map((one) => one[key] ?? NaN),
    peer: { name: 'bare node:http + pg', values: found.bare.map((one) => one[key] ?? NaN) },
    notes: { requests, concurrency, statements: recorded.statements.length, poolSize: POOL_SIZE },
  });
  return AT_ONCE.flatMap((concurrency) => [
    figure(concurrency, rateKey(concurrency), {
      name: `declare POST, ${concurrency} at once`,
      unit: 'per s',
      better: 'higher',
      target: { ratio: 0.7 },
    }),
    figure(concurrency, p99Key(concurrency), {
      name: `declare POST, ${concurrency} at once, p99`,
      unit: 'ms',
      better: 'lower',
      target: { ratio: 2 },
    }),
  ]);
}

const rateKey = (concurrency: number): string => `rate${concurrency}`;
const p99Key = (concurrency: number): string => `p99of${concurrency}`;

function claimsOf(token: string): { iss: string; aud: string | string[] } {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}

/** All of one revision, so that the statements recorded of one serve for all. */
async function alike(world: World, count: number): Promise<SeenDeclaration[]> {
  const [commonest]: { revision: number }[] = await world.rows(
    'declaration-workflow',
    `SELECT revision::int AS revision FROM declaration WHERE status = 'AWAITING_PROVIDER_APPROVAL' AND NOT held AND pence > 0
     GROUP BY 1 ORDER BY count(*) DESC LIMIT 1`,
  );
  return declarable(world, count, commonest?.revision);
}

/** What the service sends for one request, heard in a second replica of it that goes again. */
async function record(
  stand: Stand,
  { world, infrastructure, url, token, issuer }: Replica,
  items: readonly SeenDeclaration[],
): Promise<Recording> {
  const file = join(stand.folder, 'statements.jsonl');
  const port = await freePort(4400);
  const { PATH, HOME } = process.env;
  const child = await startChild({
    name: 'recorded',
    command: process.execPath,
    args: [
      '--import',
      fileURLToPath(new URL('record-statements.js', import.meta.url)),
      join(projectFolder, 'services', 'declaration-workflow', 'dist', 'main.js'),
    ],
    logFile: join(stand.folder, 'recorded.log'),
    env: {
      PATH,
      HOME,
      NODE_ENV: 'development',
      PORT: String(port),
      DATABASE_URL: url,
      KAFKA_BROKERS: infrastructure.kafka.brokers.join(','),
      KAFKAJS_NO_PARTITIONER_WARNING: '1',
      OIDC_ISSUER: issuer,
      BUSINESS_CLOCK_MOVABLE: 'true',
      LOG_LEVEL: 'warn',
      AUDIT_ANCHOR_STORE: join(stand.folder, 'recorded-audit'),
      FILE_STORE: join(stand.folder, 'recorded-files'),
      BENCH_STATEMENTS: file,
    },
  });
  try {
    await untilReady('recorded', `http://127.0.0.1:${port}`, () => child, stand.folder);
    let last = { declarationId: '', key: '' };
    // The first of a process may look up what later ones remember.
    for (const { declarationId, revision } of items) {
      last = { declarationId, key: randomUUID() };
      await call('POST', `http://127.0.0.1:${port}/api/v1/declarations/${declarationId}/declare`, {
        token,
        body: BODY,
        headers: { 'if-match': `"${revision}"`, 'idempotency-key': last.key },
      });
    }
    await world.settled();
    const lines = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line): SentStatement => JSON.parse(line));
    return statementsOf(lines, last);
  } finally {
    await child.stop();
  }
}
