// HTTP 201 → effect committed in the next service: a role is assigned at organisations and holds at commissioner-approval.
import { randomUUID } from 'node:crypto';
import { Partitioners } from '@attest/messaging/kafka';
import { startIdentityProvider } from '@attest/stack/identity-provider/index';
import { send, until } from '@attest/stack/http-client';
import { watchCommits } from './committed.js';
import { percentile, type Figure } from './figure.js';
import type { RawCommands } from './raw-process.js';
import { rotate } from './rotation.js';
import { startService, type RunningService } from './service-process.js';
import { newPrefix, type Stand } from './stand.js';
import { dropTopics, freshTopics } from './topics.js';

const OPERATOR = 'bench.operator';

/** One hop. @returns milliseconds */
export type Hop = () => Promise<number>;

/** A percentile of many hops, in milliseconds. */
export type Times = Record<(typeof PERCENTILES)[number], number>;
export const PERCENTILES = ['p50', 'p99'] as const;

export async function measure(stand: Stand): Promise<Figure[]> {
  const hops = stand.size(500, 50);
  const topicPrefix = newPrefix();
  await freshTopics(stand, topicPrefix);
  const ours = await openPair(stand, topicPrefix);
  const peer = await openRawHop(stand);
  const found = await rotate(stand.rotations, {
    ours: () => times(hops, ours),
    raw: () => times(hops, peer),
  });
  await dropTopics(stand, topicPrefix);
  return PERCENTILES.map((which) => ({
    name: `HTTP 201 → effect in the next service, ${which}`,
    unit: 'ms',
    better: 'lower',
    ours: found.ours.map((times) => times[which]),
    peer: {
      name: 'kafkajs produce → consume + one commit',
      values: found.raw.map((times) => times[which]),
    },
    target: which === 'p50' ? { goalRatio: 1.5, goal: 10 } : { goalRatio: 2, goal: 40 },
    notes: { hops, oneAfterTheOther: true },
  }));
}

/** One hop after the other: the time of a hop, not of a queue. */
export async function times(count: number, hop: Hop): Promise<Times> {
  const taken: number[] = [];
  for (let i = 0; i < count; i++) taken.push(await hop());
  return { p50: percentile(taken, 0.5), p99: percentile(taken, 0.99) };
}

async function openPair(stand: Stand, topicPrefix: string): Promise<Hop> {
  const people = [
    { personId: OPERATOR, name: 'Operator', role: 'NATIONAL_OPERATOR', organisationCode: 'ENGLAND' },
  ];
  const identity = await startIdentityProvider({ stateDir: stand.folder, people });
  stand.untidy.push(() => identity.close());
  const start = (name: string, env?: Record<string, string>): Promise<RunningService> =>
    startService(stand, { name, topicPrefix, issuer: identity.issuer, env });
  const organisations = await start('organisations', { BOOTSTRAP_OPERATOR_ID: OPERATOR });
  const next = await start('commissioner-approval');
  const token = await identity.token(OPERATOR);
  await until('the next service knows the operator', async () => {
    const { rows } = await next.pool.query('SELECT FROM directory_role WHERE person_id = $1', [OPERATOR]);
    return rows.length > 0;
  });
  const commits = await watchCommits(stand, {
    url: next.databaseUrl,
    table: 'directory_role',
    say: 'NEW.person_id',
  });
  return async () => {
    const personId = `bench.${randomUUID()}`;
    const answer = await send('POST', `${organisations.url}/api/v1/role-assignments`, {
      token,
      body: { personId, role: 'VIEW', organisationCode: 'ENGLAND', from: '2026-04-01' },
    });
    const answered = performance.now();
    if (answer.status !== 201) throw new Error(`the role was not assigned: ${JSON.stringify(answer.body)}`);
    // The effect may be there before the answer is.
    return Math.max(0, (await commits.seen(personId)) - answered);
  };
}

/** Produces here, where the HTTP client is; consumes and commits in a process of its own. */
export async function openRawHop(stand: Stand): Promise<Hop> {
  const topicPrefix = newPrefix();
  await freshTopics(stand, topicPrefix);
  stand.untidy.push(() => dropTopics(stand, topicPrefix));
  const topic = `${topicPrefix}organisations`;
  const { url, pool } = await stand.database('hop');
  await pool.query('CREATE TABLE followed (id text PRIMARY KEY, value text NOT NULL)');
  const commits = await watchCommits(stand, { url, table: 'followed', say: 'NEW.id' });
  const worker = await stand.worker<RawCommands>('raw-process.js', 'raw-hop');
  await worker.call('follow', { brokers: await stand.brokers(), topic, groupId: `${topic}.raw-hop`, url });
  const producer = (await stand.kafka()).producer({
    maxInFlightRequests: 1,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  stand.untidy.push(() => producer.disconnect());
  const value = 'x'.repeat(200);
  return async () => {
    const id = randomUUID();
    const started = performance.now();
    await producer.send({ topic, acks: -1, messages: [{ key: id, value, partition: 0 }] });
    return (await commits.seen(id)) - started;
  };
}
