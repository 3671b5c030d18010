import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uuidV7 } from '@attest/contracts';
import { ReplayLock } from '../src/replay/replay-lock.js';
import type { ReplayResult } from '../src/replay/replay-request.js';
import { recordReplay } from '../src/replay/replay-store.js';
import { startChild } from './children.js';
import { add, AppliesCounted, counted, specDatabase, specPrefix, specService, until } from './harness.js';
import type { SpecDatabase, SpecService } from './harness.js';

/** A process is killed in it: about 8 s. */
describe('a replay', () => {
  const topicPrefix = specPrefix();
  const KEYS = ['a', 'b', 'c'];
  let sender: SpecDatabase;
  let receiver: SpecDatabase;
  let intake: SpecService;
  let aggregation: SpecService;

  beforeAll(async () => {
    [sender, receiver] = await Promise.all([specDatabase(), specDatabase()]);
    intake = await specService({ service: 'extraction-intake', database: sender.database, topicPrefix });
    await receiver.database.query(`INSERT INTO defect (key, n) SELECT unnest($1::text[]), 1`, [
      `{${KEYS.join()}}`,
    ]);
  });
  afterAll(async () => {
    await aggregation?.close();
    await intake?.close();
    await Promise.all([sender?.drop(), receiver?.drop()]);
  });

  const ask = async (): Promise<string> => {
    const id = uuidV7();
    await recordReplay(receiver.database, 'aggregation', id, { who: 'operator', why: 'spec' }, 'requested');
    return id;
  };
  const endOf = (id: string): Promise<ReplayResult> =>
    until('the end of the replay', async () => {
      const { rows } = await receiver.database.query<{ result: ReplayResult }>(
        `SELECT result FROM dead_letter_replay WHERE id = $1 AND status = 'done'`,
        [id],
      );
      return rows[0]?.result;
    });

  it('is taken up again when its process was killed, and its answer names also what that had done', async () => {
    const child = startChild({
      service: 'aggregation',
      url: receiver.url,
      topicPrefix,
      consumes: true,
      crashAt: 'replay-after-key:1',
    });
    await child.started;
    await add(
      intake.messaging,
      sender.database,
      KEYS.flatMap((key) => [counted(key, 1), counted(key, 2)]),
    );
    await until('all dead', async () => {
      const { rows } = await receiver.database.query(`SELECT FROM parked_event`);
      return rows.length === KEYS.length;
    });
    await receiver.database.query(`DELETE FROM defect`);
    const id = await ask();
    expect(await child.ended).toBe('SIGKILL');
    const { rows: left } = await receiver.database.query(`SELECT FROM dead_letter WHERE status = 'dead'`);
    expect(left).toHaveLength(KEYS.length - 1);

    aggregation = await specService(
      { service: 'aggregation', database: receiver.database, topicPrefix },
      { controllers: [AppliesCounted] },
    );
    const result = await endOf(id);
    expect(result).toMatchObject({ keys: 3, applied: 6, failed: [] });
    expect(result.outcomes.map(({ key }) => key).sort()).toEqual(KEYS);
  });

  it('belongs to one process as long as that lives, and nothing else waits for it', async () => {
    const id = uuidV7();
    const lock = await ReplayLock.take(receiver.database, id);
    await recordReplay(receiver.database, 'aggregation', id, { who: 'operator', why: 'slow' }, 'running');
    expect(await ReplayLock.take(receiver.database, id)).toBeUndefined();
    // A later one is carried out meanwhile, also by a process that has looked at the first.
    expect(await endOf(await ask())).toMatchObject({ keys: 0 });
    const { rows } = await receiver.database.query(`SELECT status FROM dead_letter_replay WHERE id = $1`, [
      id,
    ]);
    expect(rows).toEqual([{ status: 'running' }]);
    await lock!.release();
    expect(await endOf(id)).toMatchObject({ keys: 0 });
  });

  it('keeps no pause waiting while it runs', async () => {
    await receiver.database.query(`INSERT INTO defect (key, n) VALUES ('slow', 1)`);
    await add(intake.messaging, sender.database, [counted('slow', 1)]);
    await until('dead', async () => {
      const { rows } = await receiver.database.query(`SELECT FROM blocked_key WHERE key = 'slow'`);
      return rows.length === 1;
    });
    const { database } = receiver;
    await database.query(`DELETE FROM defect`);
    let replay = '';
    await database.transaction(async (tx) => {
      // The handler waits here, in the middle of the replay.
      await tx.query(`LOCK TABLE defect IN ACCESS EXCLUSIVE MODE`);
      replay = await ask();
      await until('the replay waits', async () => {
        const { rows } = await database.query(
          `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%defect%'`,
        );
        return rows.length > 0;
      });
      const obeyed: string[][] = [];
      const server = aggregation.messaging.server as unknown as {
        readers: { obeyPauses(paused: ReadonlySet<string>): void }[];
      };
      const [reader] = server.readers;
      const obey = reader!.obeyPauses.bind(reader);
      reader!.obeyPauses = (paused) => {
        obeyed.push([...paused]);
        obey(paused);
      };
      await aggregation.messaging.control.pause('approvals', 'operator', 'spec');
      await until('the pause is seen', () => obeyed.some((topics) => topics.includes('approvals')), 10_000);
    });
    expect(await endOf(replay)).toMatchObject({ applied: 1 });
  });
});
