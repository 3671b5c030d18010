// @ts-nocheck
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
import { declarable } from './bulk-approval.js';
import { giveRole, openEngland } from './england-stack.js';
import { percentile } from './figure.js';
import { OPEN_DECLARATIONS } from './membership-change.js';
import { rotate } from './rotation.js';

const AT_ONCE = [1, 8, 32];
/** As the service has it unless told otherwise. */
const POOL_SIZE = 12;
const BODY = { onBehalfReason: 'The benchmark declares for everybody.' };

/** @param {import('./stand.js').Stand} stand */
export async function measure(stand) {
  const requests = stand.size(400, 40);
  const { world, infrastructure } = await openEngland(stand, stand.size(OPEN_DECLARATIONS, 0));
  const { viewer } = world.people;
  await giveRole(world, viewer, 'DECLARATION_MANAGEMENT');
  await world.settled();
  const rounds = (stand.rotations + 1) * AT_ONCE.length * 2;
  const waiting = await alike(world, rounds * requests + 3);
  const token = await world.token(viewer);
  const url = infrastructure.databaseUrls.get('declaration-workflow');
  const recorded = await record(stand, { world, infrastructure, url, token, items: waiting.splice(0, 3) });

  const peer = await stand.worker('bare-declare-process.js', 'bare-declare');
  const { iss: issuer, aud } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());
  const audience = Array.isArray(aud) ? aud[0] : aud;
  const { port } = await peer.call('open', { url, poolSize: POOL_SIZE, issuer, audience, ...recorded });
  const load = await stand.worker('load-process.js', 'load');
  const contestant = (base) => async () => {
    const found = {};
    for (const concurrency of AT_ONCE) {
      const items = waiting.splice(0, requests);
      const { taken, ms } = await load.call('run', { url: base, token, items, concurrency, body: BODY });
      found[`rate${concurrency}`] = (requests / ms) * 1000;
      found[`p99of${concurrency}`] = percentile(taken, 0.99);
      await world.settled();
    }
    return found;
  };
  const found = await rotate(stand.rotations, {
    ours: contestant(`${world.urls['declaration-workflow']}/api/v1`),
    bare: contestant(`http://127.0.0.1:${port}`),
  });
  const figure = (concurrency, key, more) => ({
    ...more,
    ours: found.ours.map((one) => one[key]),
    peer: { name: 'bare node:http + pg', values: found.bare.map((one) => one[key]) },
    notes: { requests, concurrency, statements: recorded.statements.length, poolSize: POOL_SIZE },
  });
  return AT_ONCE.flatMap((concurrency) => [
    figure(concurrency, `rate${concurrency}`, {
      name: `declare POST, ${concurrency} at once`,
      unit: 'per s',
      better: 'higher',
      target: { ratio: 0.6 },
    }),
    figure(concurrency, `p99of${concurrency}`, {
      name: `declare POST, ${concurrency} at once, p99`,
      unit: 'ms',
      better: 'lower',
      target: { ratio: 2 },
    }),
  ]);
}

/** All of one revision, so that the statements recorded of one serve for all. */
async function alike(world, count) {
  const [{ revision }] = await world.rows(
    'declaration-workflow',
    `SELECT revision::int AS revision FROM declaration WHERE status = 'AWAITING_PROVIDER_APPROVAL' AND NOT held AND pence > 0
     GROUP BY 1 ORDER BY count(*) DESC LIMIT 1`,
  );
  return declarable(world, count, revision);
}

/** What the service sends for one request, heard in a second replica of it that goes again. */
async function record(stand, { world, infrastructure, url, token, items }) {
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
      OIDC_ISSUER: JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString()).iss,
      BUSINESS_CLOCK_MOVABLE: 'true',
      LOG_LEVEL: 'warn',
      AUDIT_ANCHOR_STORE: join(stand.folder, 'recorded-audit'),
      FILE_STORE: join(stand.folder, 'recorded-files'),
      BENCH_STATEMENTS: file,
    },
  });
  try {
    await untilReady('recorded', `http://127.0.0.1:${port}`, () => child, stand.folder);
    let last;
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
      .map((line) => JSON.parse(line));
    return { ...statementsOf(lines, last), poolSize: POOL_SIZE };
  } finally {
    await child.stop();
  }
}

/** Of all that a replica sends, what belongs to the one request: its transaction, and what names its key or person. */
function statementsOf(lines, { declarationId, key }) {
  const has = (line, text) => line.values.some((value) => (value.text ?? '').includes(text));
  const claim = lines.findIndex((line) => has(line, key));
  const keep = lines.findLastIndex((line) => has(line, key));
  const locks = lines.findIndex((line, at) => at > claim && has(line, declarationId));
  const { connection } = lines[locks];
  const begin = lines.findLastIndex(
    (line, at) => at <= locks && line.connection === connection && line.text.startsWith('BEGIN'),
  );
  const commit = lines.findIndex(
    (line, at) => at > locks && line.connection === connection && line.text === 'COMMIT',
  );
  const guard = lines.findLastIndex(
    (line, at) => at < claim && line.name?.startsWith('access') && line.values.length > 0,
  );
  const statements = [
    ...(guard < 0 ? [] : [lines[guard]]),
    lines[claim],
    ...lines
      .slice(begin, commit + 1)
      .filter((line) => line.connection === connection)
      .map((line) => ({ ...line, inTransaction: true })),
    lines[keep],
  ];
  const told = statements.find(({ name }) => name === 'outbox-add');
  const eventIds = told.values[1].text.match(/[0-9a-f-]{36}/g);
  return {
    statements,
    places: [
      { recorded: declarationId, id: 'declarationId' },
      { recorded: key, id: 'key' },
      ...eventIds.map((recorded) => ({ recorded, fresh: recorded })),
    ],
  };
}
