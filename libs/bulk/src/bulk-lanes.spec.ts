import { describe, expect, it } from '@jest/globals';
import { BulkLanes } from './bulk-lanes.js';

const LANES = 2;

interface Job {
  readonly name: string;
  readonly queued: number[];
}

/** A person's jobs as a database would keep them: a chunk is done whole or not at all. */
function person(jobs: Job[], broken: readonly number[] = [], chunkSize = 4) {
  const done: string[] = [];
  const gaveUp: number[] = [];
  const failures: unknown[] = [];
  const sizes: number[] = [];
  const at = { now: 0, most: 0 };
  const working = new Set<string>();
  const lanes = new BulkLanes({
    pace: { begin: (lane) => void working.add(lane), end: (lane) => void working.delete(lane) },
    lanes: LANES,
    chunkSize,
    chunk: async (_, lane, size) => {
      const job = jobs[0];
      if (!job) return 'nothing left';
      const items = job.queued.filter((item) => item % LANES === lane).slice(0, size);
      if (items.length === 0) {
        if (job.queued.length > 0) return 'nothing left';
        if (jobs[0] === job) jobs.shift();
        return 'job ended';
      }
      at.most = Math.max(at.most, ++at.now);
      await new Promise((resolve) => setImmediate(resolve));
      at.now--;
      const bad = items.find((item) => broken.includes(item));
      if (bad !== undefined && size > 1) throw new Error(`item ${bad} is broken`);
      if (bad === undefined) done.push(...items.map((item) => `${job.name}${item}`));
      else gaveUp.push(bad);
      for (const item of items) job.queued.splice(job.queued.indexOf(item), 1);
      return 'more';
    },
    chunkFailed: (_, size) => sizes.push(size),
    failed: (error) => failures.push(error),
  });
  const idle = async (): Promise<void> => {
    for (let i = 0; i < 500; i++) await new Promise((resolve) => setImmediate(resolve));
  };
  return { lanes, jobs, done, gaveUp, failures, sizes, at, working, idle };
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, item) => item);

describe('the lanes of a bulk', () => {
  it('work side by side until every item is done once, and the job ends', async () => {
    const { lanes, jobs, done, at, working, idle } = person([{ name: 'a', queued: upTo(21) }]);
    lanes.wake('somebody');
    await Promise.resolve();
    expect(working.size).toBe(LANES);
    await idle();
    expect(working.size).toBe(0);
    expect(done.toSorted()).toEqual(
      upTo(21)
        .map((item) => `a${item}`)
        .toSorted(),
    );
    expect([jobs.length, at.most]).toEqual([0, LANES]);
  });

  it('begin the next job only after the last item of the one before', async () => {
    const { lanes, jobs, done, idle } = person([
      { name: 'a', queued: [0, 2, 4, 6, 8, 10, 12, 1] },
      { name: 'b', queued: upTo(8) },
    ]);
    lanes.wake('somebody');
    await idle();
    expect(done.slice(0, 8).every((item) => item.startsWith('a'))).toBe(true);
    expect([done.length, jobs.length]).toEqual([16, 0]);
  });

  it('find an item that cannot be done by halves, give up that one alone, and work in whole chunks again', async () => {
    const { lanes, done, gaveUp, sizes, failures, idle } = person([{ name: 'a', queued: upTo(40) }], [10]);
    lanes.wake('somebody');
    await idle();
    expect(gaveUp).toEqual([10]);
    expect(done).toHaveLength(39);
    expect(sizes[0]).toBe(4);
    expect(failures).toEqual([]);
  });

  it('try no whole chunk again for each of many items that cannot be done', async () => {
    const { lanes, done, gaveUp, sizes, idle } = person([{ name: 'a', queued: upTo(200) }], upTo(200), 64);
    lanes.wake('somebody');
    await idle();
    expect([gaveUp.length, done.length]).toEqual([200, 0]);
    // In each lane down from 64 once, then the next after each: 2 of them.
    expect(sizes.filter((size) => size > 2)).toHaveLength(LANES * 5);
    expect(sizes.length).toBeLessThanOrEqual(200 + LANES * 5);
  });

  it('of one person that all stand still leave room for those of others', async () => {
    const begun: string[] = [];
    let goOn = (): void => undefined;
    const still = new Promise<void>((resolve) => (goOn = resolve));
    const lanes = new BulkLanes({
      pace: { begin: () => undefined, end: () => undefined },
      lanes: LANES,
      chunkSize: 4,
      chunk: async (personId, lane) => {
        begun.push(`${personId} ${lane}`);
        if (personId === 'somebody') await still;
        return 'nothing left';
      },
      chunkFailed: () => undefined,
      failed: () => undefined,
    });
    lanes.wake('somebody');
    lanes.wake('another');
    for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
    expect(begun).toEqual(['somebody 0', 'somebody 1', 'another 0', 'another 1']);
    goOn();
    await lanes.stop();
  });

  it('report what fails even alone, and go on when they are woken again', async () => {
    const { lanes, done, failures, idle } = person([{ name: 'a', queued: [0, 1] }], [], 1);
    const broken = person([{ name: 'a', queued: [0] }], [], 1);
    lanes.wake('somebody');
    await idle();
    expect([done.length, failures.length]).toEqual([2, 0]);
    const failing = new BulkLanes({
      pace: {
        begin: (lane) => void broken.working.add(lane),
        end: (lane) => void broken.working.delete(lane),
      },
      lanes: LANES,
      chunkSize: 1,
      chunk: () => Promise.reject(new Error('broken')),
      chunkFailed: () => undefined,
      failed: (error) => broken.failures.push(error),
    });
    failing.wake('somebody');
    await idle();
    expect(broken.failures).toHaveLength(LANES);
    expect(broken.working.size).toBe(0);
  });
});
