import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BARRIER_ROUTES } from '@attest/contracts';
import * as memberships from '@attest/invariants/memberships';
import * as order from '@attest/invariants/order';
import * as money from '@attest/invariants/payments';
import { draws } from '@attest/testing';
import { randomFrom } from './random.js';
import { RaceMonth, type ReleaseRun } from './race-month.js';
import { FINANCE, pcnOf, practiceOf, SERVICES } from './race-region.js';

/** Each named pause once, one change at a random moment of the run, and one that comes too late. */
const USUAL_ROUNDS = 15;
const {
  count: ROUNDS,
  seed: SEED,
  repeat: REPEAT,
} = draws({ name: 'RACE_ROUNDS', usual: USUAL_ROUNDS, full: 200 });
/** One PCN loses a practice, one gains it, one stands aside. */
const PCNS_A_ROUND = 3;
/** One round in so many keeps its topic paused until the run has given up. */
const ABORTS_EVERY = 4;
/** All services before the paused one have passed by then, also on a busy machine, so that the run can name it. */
const GIVES_UP_AFTER_SECONDS = 5;
const MOMENTS_MS = 700;
/** Once in twenty rounds the change comes when the run has sealed: chance alone brings it there in one of twelve. */
const TOO_LATE_AT = 14;

/** Each reader of the route with each topic that it passes the barrier behind. */
const PAUSES = Object.entries(BARRIER_ROUTES.release.nodes).flatMap(([service, { after }]) =>
  after.map((topic) => ({ service, topic })),
);

interface RefusedItems {
  readonly items: readonly { readonly code: string; readonly words: string }[];
}

let folder: string;
let month: RaceMonth;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'attest-races-'));
  month = await RaceMonth.start(folder);
  await month.prepare(ROUNDS * PCNS_A_ROUND);
}, 300_000);
afterAll(async () => {
  await month?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const told = { sealed: 0, aborted: 0, waited: 0, lines: 0, held: 0, reopened: 0, tooLate: 0, refused: 0 };

describe('a membership change beside a bulk approval and a release run', () => {
  it(
    `holds or is told as too late, and nothing is paid over it: ${ROUNDS} random timings (${REPEAT})`,
    async () => {
      const random = randomFrom(SEED);
      const evidence = await month.evidence();
      for (let round = 0; round < ROUNDS; round++) {
        const at = `round ${round} of RACE_SEED=${SEED}`;
        const [left, joined, aside] = [0, 1, 2].map((n) => pcnOf(round * PCNS_A_ROUND + n)) as [
          string,
          string,
          string,
        ];
        const items = await month.waiting('finance', [left, joined, aside], PCNS_A_ROUND * SERVICES.length);
        const { service, topic } = PAUSES[round % PAUSES.length]!;
        const aborts = round % ABORTS_EVERY === ABORTS_EVERY - 1;
        const soon = () => pause(Math.floor(random() * MOMENTS_MS));
        const moments = [soon(), soon(), soon()] as const;

        // Each pause once in twenty rounds before anything begins, so that the run must wait or give up; else at any moment.
        const early = aborts || round % 20 < PAUSES.length;
        if (early) await month.pause(service, topic);
        const sign = () => month.bulk(FINANCE, 'finance', items);
        const release = () => month.startRun(aborts ? GIVES_UP_AFTER_SECONDS : 30);
        const change = () => month.move(practiceOf(round * PCNS_A_ROUND, 0), left, joined);
        const [bulkId, run] = early
          ? await Promise.all([moments[0].then(sign), moments[1].then(release), moments[2].then(change)])
          : await changedDuringTheRun({
              sign,
              release,
              change,
              stop: () => month.pause(service, topic),
              soon,
              isTooLate: round % 20 === TOO_LATE_AT,
            });
        const runPath = `release-runs/${run.runId}`;
        const { state } = (await month.asked.send<ReleaseRun>(FINANCE, 'GET', 'payment-export', runPath))
          .body;
        if (!aborts) {
          await soon();
          await month.resume(service, topic);
        }
        const ended = await month.ended(run.runId);
        if (aborts) await month.resume(service, topic);
        await evidence.settled();

        if (state === 'waiting') told.waited++;
        if (early) expect([at, state]).toEqual([at, expect.stringMatching(/^(waiting|aborted)$/)]);
        if (ended.state === 'sealed') told.sealed++;
        else told.aborted++;
        // Given up, it says what had not come, and pays nothing.
        if (ended.state === 'aborted') {
          expect([at, ended.included, ended.files]).toEqual([at, 0, []]);
          expect(ended.words).toContain(topic);
        }
        expect([at, ended.state]).toEqual([at, aborts ? 'aborted' : 'sealed']);
        told.lines += ended.included;

        const progress = await month.answered(FINANCE, bulkId);
        expect([at, progress.queued, progress.pending, progress.applied + progress.refused]).toEqual([
          at,
          0,
          0,
          items.length,
        ]);
        told.refused += progress.refused;
        const { body: refused } = await month.asked.send<RefusedItems>(
          FINANCE,
          'GET',
          'commissioner-approval',
          `bulk-approvals/${bulkId}/items?state=refused&limit=500`,
        );
        for (const item of refused.items)
          expect([at, item.code, item.words]).toEqual([
            at,
            expect.stringMatching(
              /^(ON_HOLD|ACHIEVEMENT_AWAITING_AGGREGATION|AWAITING_AGGREGATION|VERSION_SUPERSEDED|WRONG_STAGE)$/,
            ),
            expect.stringMatching(/./),
          ]);
        await everythingIsHeldOrTooLate(at, [left, joined]);
      }
      // Compared, declared and signed again, all of it goes with a last run, made with each change.
      await month.finish(evidence.settled);
      const last = await month.ended((await month.startRun(30)).runId);
      expect(last.state).toBe('sealed');
      await evidence.settled();
      expect(await month.standingAt('SENT_TO_AGENCY')).toHaveLength(ROUNDS * PCNS_A_ROUND * SERVICES.length);
      console.log(`${REPEAT}: ${JSON.stringify(told)}`);
      if (ROUNDS >= USUAL_ROUNDS) {
        expect(told.held).toBeGreaterThan(0);
        expect(told.tooLate).toBeGreaterThan(0);
        expect(told.lines).toBeGreaterThan(0);
        expect(told.aborted).toBeGreaterThanOrEqual(Math.floor(ROUNDS / ABORTS_EVERY));
      }
    },
    60_000 + ROUNDS * 15_000,
  );

  it('leaves a month in which every invariant holds', async () => {
    const { world, read } = await month.evidence();
    const stuck = await order.nothingIsStuck({ world });
    const evidence = await read();
    const verdicts = {
      I1: money.appliedApprovalsArriveOnce(evidence),
      I2: money.nothingIsPaidTwice(evidence),
      I3: money.confirmedOnlyWhenSigned(evidence),
      I4: money.moneyAddsUp(evidence),
      I5: money.sealedFilesStand(evidence),
      I6: await order.stepsAreInTheTable(evidence),
      I7: await order.readersAgree(evidence),
      I9: await memberships.nothingIsPaidOverAChange(evidence),
      I10: stuck,
    };
    // Lines that were held, or would have been too early, were paid with the figures that came of their change.
    expect(verdicts.I9.evidence.linesThatDependOnAChange).toBeGreaterThan(0);
    const broken = Object.entries(verdicts).filter(([, verdict]) => !verdict.holds);
    expect(broken).toEqual([]);
  }, 120_000);
});

/** Everything is signed and a run begins; the change comes while it waits, confirms, seals or has just ended. */
async function changedDuringTheRun(acts: {
  sign: () => Promise<string>;
  release: () => Promise<{ runId: string }>;
  change: () => Promise<unknown>;
  stop: () => Promise<unknown>;
  soon: () => Promise<unknown>;
  isTooLate: boolean;
}): Promise<[string, { runId: string }]> {
  const bulkId = await acts.sign();
  await month.answered(FINANCE, bulkId);
  const run = await acts.release();
  if (acts.isTooLate) await month.ended(run.runId).then(acts.change);
  else await Promise.all([acts.soon().then(acts.change), acts.soon().then(acts.stop)]);
  return [bulkId, run];
}

/**
 * Of both PCNs each declaration is held; or figures made with the change overtook it and reopened the declaration; or
 * its line was asked for before, and people were told.
 */
async function everythingIsHeldOrTooLate(at: string, pcns: readonly string[]): Promise<void> {
  const rows = await month.asked.rows<{
    status: string;
    holds: number;
    made_with: boolean;
    too_late: boolean;
  }>(
    'declaration-workflow',
    `SELECT d.status, jsonb_array_length(d.holds) AS holds,
            coalesce((d.memberships->>d.organisation_code)::int, 0) > 1 AND d.finance_signed_by IS NULL AS made_with,
            EXISTS (SELECT FROM declaration_history h
                     WHERE h.declaration_id = d.declaration_id AND h.code = 'NOT_STOPPED_IN_TIME') AS too_late
       FROM declaration d WHERE d.organisation_code = ANY ($1) AND d.kind = 'achievement'`,
    [pcns],
  );
  expect([at, rows.length]).toEqual([at, pcns.length * SERVICES.length]);
  for (const { status, holds, made_with, too_late } of rows) {
    const outcome =
      status === 'SENT_TO_AGENCY' && too_late
        ? 'tooLate'
        : holds === 1
          ? 'held'
          : status === 'AWAITING_PROVIDER_APPROVAL' && made_with
            ? 'reopened'
            : undefined;
    expect([at, status, outcome]).toEqual([at, status, expect.any(String)]);
    told[outcome!]++;
  }
}
