// Membership changes as declarations feel them: from the event on the topic until every declaration concerned is held; alone, during bulks of 10,000, and 1,000 changes at once.
import { Kafka, logLevel } from '@attest/messaging/kafka';
import { openBareDeclarations } from './bare-writes.js';
import { approve, declarable, declare, tasksOf } from './bulk-approval.js';
import { watchCommits, type Commits } from './committed.js';
import { databaseOf, giveRole, openDeclarations, openEngland } from './england-stack.js';
import { percentile, type Figure } from './figure.js';
import { openRawHop, PERCENTILES, times, type Hop } from './hop.js';
import { movesOf, OPEN_DECLARATIONS, type ChangedPcn, type MembershipMove } from './membership-change.js';
import { rotate } from './rotation.js';
import type { Stand, World } from './stand.js';

export async function measure(stand: Stand): Promise<Figure[]> {
  const changes = stand.size(20, 3);
  const many = stand.size(1_000, 30);
  const items = stand.size(10_000, 500);
  const { world, infrastructure } = await openEngland(stand, stand.size(OPEN_DECLARATIONS, 0));
  const open = await openDeclarations(world);
  const { viewer, organisationAdministrator: approver } = world.people;
  await giveRole(world, viewer, 'DECLARATION_MANAGEMENT');
  await giveRole(world, approver, 'APPROVAL_MANAGEMENT');
  await world.settled();
  const url = databaseOf(infrastructure, 'declaration-workflow');
  // A change's holds and what it requires are committed together, so the requirement tells of both.
  const held = await watchCommits(stand, {
    url,
    table: 'membership_requirement',
    say: `NEW.pcn_code || ' ' || NEW.membership_version`,
  });
  const topic = await watchTopic(stand, infrastructure.kafka.brokers, 'pcn-memberships');
  const rawHop = await openRawHop(stand);
  const bare = await openBareDeclarations(stand, url);
  const moves = (await movesOf(world, (stand.rotations + 1) * changes + 60)).reverse();

  const changeOne: Hop = async () => {
    const { pcns } = await world.post<{ pcns: ChangedPcn[] }>(
      approver,
      'organisations',
      'pcn-membership-changes',
      moves.pop(),
    );
    const taken = await Promise.all(pcns.map((pcn) => fromTopicToHeld(held, topic, pcn)));
    return Math.max(...taken);
  };
  const idle = await rotate(stand.rotations, {
    ours: async () => {
      const settled: Hop = async () => {
        const ms = await changeOne();
        // Idle: the figures that the change asks for are not still arriving when the next one comes.
        await world.settled();
        return ms;
      };
      return times(changes, settled);
    },
    raw: () => times(changes, rawHop),
  });

  const during = await duringBulks(world, { viewer, approver, items, changeOne, moves });
  await world.settled();

  const groups = await largeMoves(world, (stand.rotations + 1) * many, many);
  const placed: number[] = [];
  const bulk = await rotate(stand.rotations, {
    ours: async () => {
      const before = await holdsPlaced(world);
      const { pcns, changed } = await world.post<{ pcns: ChangedPcn[]; changed: number }>(
        approver,
        'organisations',
        'bulk-membership-changes',
        { changes: groups.pop(), reason: 'The benchmark orders an ICB anew.' },
      );
      const answered = performance.now();
      if (changed !== many) throw new Error(`of ${many} changes ${changed} were taken`);
      const at = await Promise.all(
        pcns.map(({ pcnCode, membershipVersion }) => held.seen(`${pcnCode} ${membershipVersion}`)),
      );
      const seconds = Math.max(0, Math.max(...at) - answered) / 1000;
      placed.push((await holdsPlaced(world)) - before);
      await world.settled();
      return seconds;
    },
    bare: async () => (await rawHop()) / 1000 + (await bare(Math.max(...placed))),
  });

  const notes = { openDeclarations: open, changesPerRotation: changes };
  return [
    ...PERCENTILES.map((which): Figure => ({
      name: `membership event on the topic → all held, idle, ${which}`,
      unit: 'ms',
      better: 'lower',
      ours: idle.ours.map((taken) => taken[which]),
      peer: { name: 'one raw hop', values: idle.raw.map((taken) => taken[which]) },
      target: which === 'p99' ? { value: 50 } : undefined,
      notes,
    })),
    {
      name: `membership event on the topic → all held, during bulks of ${items}, p99`,
      unit: 'ms',
      better: 'lower',
      ours: [percentile(during, 0.99)],
      peer: {
        name: 'one raw hop, idle',
        values: [
          percentile(
            idle.raw.map(({ p99 }) => p99),
            1,
          ),
        ],
      },
      target: { value: 300 },
      notes: { ...notes, changes: during.length, p50: percentile(during, 0.5) },
    },
    {
      name: `${many} membership changes at once: answer → last hold`,
      unit: 's',
      better: 'lower',
      ours: bulk.ours,
      peer: { name: 'one raw hop, and as many bare writes as holds', values: bulk.bare },
      target: { value: 2 },
      notes: { ...notes, holdsPlaced: placed },
    },
  ];
}

interface During {
  readonly viewer: string;
  readonly approver: string;
  /** Of a bulk. */
  readonly items: number;
  readonly changeOne: Hop;
  /** What `changeOne` has left. */
  readonly moves: readonly MembershipMove[];
}

/** One change after the other for as long as a bulk declaration, then a bulk approval, runs. */
async function duringBulks(
  world: World,
  { viewer, approver, items, changeOne, moves }: During,
): Promise<number[]> {
  const taken: number[] = [];
  const chosen = await declarable(world, items);
  const busy = async (bulk: Promise<unknown>): Promise<void> => {
    let running = true;
    const ended = bulk.finally(() => (running = false));
    while (running && moves.length > 0) {
      const ms = await changeOne();
      taken.push(ms);
    }
    await ended;
  };
  await busy(declare(world, viewer, chosen, { someRefused: true }));
  await world.settled();
  await busy(approve(world, approver, await tasksOf(world, chosen), { someRefused: true }));
  return taken;
}

async function fromTopicToHeld(
  held: Commits,
  topic: Commits,
  { pcnCode, membershipVersion }: ChangedPcn,
): Promise<number> {
  const name = `${pcnCode} ${membershipVersion}`;
  const [on, at] = await Promise.all([topic.seen(name), held.seen(name)]);
  return Math.max(0, at - on);
}

/**
 * When each PCN's version was heard on the topic by a consumer of the benchmark's own, a fetch after it got there. The
 * record's own timestamp is that of the outbox row, from before the change was even committed.
 */
async function watchTopic(stand: Stand, brokers: readonly string[], topic: string): Promise<Commits> {
  const kafka = new Kafka({ clientId: 'bench', brokers: [...brokers], logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: `bench-${Date.now()}`, maxWaitTimeInMs: 500 });
  const on = new Map<string, number>();
  const waiting = new Map<string, (at: number) => void>();
  await consumer.connect();
  stand.untidy.push(() => consumer.disconnect());
  await consumer.subscribe({ topic, fromBeginning: false });
  const joined = new Promise((resolve) => consumer.on(consumer.events.FETCH, resolve));
  await consumer.run({
    eachMessage: async ({ message }) => {
      const { pcnCode, membershipVersion }: ChangedPcn = JSON.parse(String(message.value));
      const name = `${pcnCode} ${membershipVersion}`;
      const at = performance.now();
      on.set(name, at);
      waiting.get(name)?.(at);
    },
  });
  await joined;
  return {
    seen: (name) =>
      new Promise((resolve) => {
        const at = on.get(name);
        if (at === undefined) waiting.set(name, resolve);
        else resolve(at);
      }),
  };
}

/** Its reason is given once. */
type LargeMove = Omit<MembershipMove, 'reason'>[];

/** Groups of moves, each practice in one of them, always to another PCN of the same commissioner where there is one. */
async function largeMoves(world: World, count: number, size: number): Promise<LargeMove[]> {
  const { effectiveOn } = world.manifest.cast.mover;
  const members = await world.rows<Pick<MembershipMove, 'practiceCode' | 'leavesPcnCode'>>(
    'organisations',
    `SELECT s.practice_code AS "practiceCode", s.pcn_code AS "leavesPcnCode"
     FROM membership_spell s JOIN organisation p ON p.code = s.practice_code AND p.close_on IS NULL
       JOIN organisation n ON n.code = s.pcn_code AND n.close_on IS NULL
     WHERE s.from_on <= $1 AND s.to_on IS NULL ORDER BY s.pcn_code, s.practice_code LIMIT $2`,
    [effectiveOn, count],
  );
  if (members.length < count) throw new Error(`${members.length} members are too few for ${count} changes`);
  const groups: LargeMove[] = [];
  for (let from = 0; from < count; from += size) {
    const group = members.slice(from, from + size);
    const pcns = [...new Set(group.map((member) => member.leavesPcnCode))];
    groups.push(
      group.map((member) => ({
        ...member,
        joinsPcnCode: pcns[(pcns.indexOf(member.leavesPcnCode) + 1) % pcns.length] ?? member.leavesPcnCode,
        effectiveOn,
      })),
    );
  }
  return groups;
}

const holdsPlaced = (world: World): Promise<number> =>
  world.count(
    'declaration-workflow',
    `SELECT count(*) FROM declaration_history WHERE action = 'hold' AND code LIKE 'PCN%'`,
  );
