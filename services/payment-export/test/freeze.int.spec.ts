import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  newEvent,
  PeriodFrozenV1,
  PeriodThawedV1,
  uuidV7,
  type DeclarationState,
  type NewEvent,
} from '@attest/contracts';
import { eventually } from '@attest/testing';
import {
  aDeclaration,
  calendarEntry,
  DATE,
  PERIOD,
  practice,
  servicePublished,
  startPaymentsWorld,
  type PaymentsWorld,
} from './payments-world.js';

let world: PaymentsWorld;
const AT = '2026-08-10T09:00:00.000Z';

beforeAll(async () => {
  world = await startPaymentsWorld();
  await world.neighbours.publish([
    servicePublished('XMOVES'),
    servicePublished('XWAITS'),
    servicePublished('XPARKS'),
    servicePublished('XFLIGHT'),
  ]);
});
afterAll(() => world?.close());

const frozen = (serviceCode: string, scopeCode: string, freezeId = uuidV7()): NewEvent =>
  newEvent(PeriodFrozenV1, {
    freezeId,
    serviceCode,
    achievementDate: DATE,
    scopeCode,
    freezeVersion: 1,
    reason: 'A register was extracted wrongly.',
    frozenBy: 'operator',
    frozenAt: AT,
  }) as unknown as NewEvent;
const thawed = (serviceCode: string, freezeId: string, cutOffAt: string | null = null): NewEvent =>
  newEvent(PeriodThawedV1, {
    freezeId,
    serviceCode,
    achievementDate: DATE,
    scopeCode: 'XQA',
    freezeVersion: 2,
    thawedBy: 'operator',
    thawedAt: AT,
    providerDeadlineOn: null,
    cutOffAt,
  }) as unknown as NewEvent;
const knowsFreeze = (freezeId: string, version: number) =>
  eventually(async () => {
    const { rows } = await world.service.database.query(
      'SELECT 1 FROM period_freeze WHERE freeze_id = $1 AND version = $2',
      [freezeId, version],
    );
    return rows.length > 0;
  });
const itemsOf = async (runId: string): Promise<Record<string, string | null>> => {
  const { body } = await world.service.get('finance', `release-runs/${runId}/items`);
  return Object.fromEntries(
    body.items.map((item: { declarationId: string; state: string; code: string | null }) => [
      item.declarationId,
      item.code ?? item.state,
    ]),
  );
};

/** Long enough for the freeze to arrive while the run still waits for the silent one. */
const COLLECTS_FOR_SECONDS = 8;
const parkedFreezeOf = (serviceCode: string) =>
  eventually(async () => {
    const { rows } = await world.service.database.query('SELECT 1 FROM blocked_key WHERE key = $1', [
      `${serviceCode}|${DATE}`,
    ]);
    return rows.length > 0;
  });

describe('a period that is frozen while a run is in flight', () => {
  it('ends not included where it was confirmed and not sealed; other services and commissioners are paid', async () => {
    const own = aDeclaration({ organisationCode: practice(1) });
    const other = aDeclaration({ organisationCode: practice(2), serviceCode: 'XMOVES' });
    const foreign = aDeclaration({ organisationCode: practice(21), commissionerCode: 'XQB' });
    const silent = aDeclaration({ organisationCode: practice(3), serviceCode: 'XWAITS' });
    await world.approve(own, other, foreign, silent);
    world.neighbours.answering = (d: DeclarationState) =>
      d.declarationId === silent.declarationId ? 'silent' : 'confirm';
    const { body: run } = await world.startRun({ collectSeconds: COLLECTS_FOR_SECONDS });
    await world.knows({ ...own, revision: 5 });
    const freezeId = uuidV7();
    await world.neighbours.publish([frozen('XVI2223', 'XQA', freezeId)]);
    await knowsFreeze(freezeId, 1);
    await world.ended(run.runId);
    expect(await itemsOf(run.runId)).toEqual({
      [own.declarationId]: 'PERIOD_FROZEN',
      [other.declarationId]: 'included',
      [foreign.declarationId]: 'included',
      [silent.declarationId]: 'NOT_ANSWERED',
    });
    const end = await eventually(() =>
      world.told(own.declarationId).find(({ type }) => type === 'payment.not-included.v1'),
    );
    expect(end.data).toMatchObject({ code: 'PERIOD_FROZEN', owedPence: null });

    // Thawed, and also when the freeze comes once more: it is paid with the next run.
    await world.neighbours.publish([thawed('XVI2223', freezeId), frozen('XVI2223', 'XQA', freezeId)]);
    await knowsFreeze(freezeId, 2);
    world.neighbours.answering = () => 'confirm';
    const again = await world.release();
    expect((await itemsOf(again.runId))[own.declarationId]).toBe('included');
  });

  it('has a cut-off of its own after a thaw, and its own run', async () => {
    await world.neighbours.publish([
      servicePublished('XLATER', { calendar: [calendarEntry({ cutOffAt: '2020-01-01T17:00:00Z' })] }),
    ]);
    const later = aDeclaration({ organisationCode: practice(4), serviceCode: 'XLATER' });
    const freezeId = uuidV7();
    await world.neighbours.publish([frozen('XLATER', 'XQA', freezeId)]);
    await world.approve(later);
    // It has just passed: what is approved until then is in its run.
    const soonAt = new Date().toISOString();
    await world.neighbours.publish([thawed('XLATER', freezeId, soonAt)]);
    const paid = await eventually(
      () => world.told(later.declarationId).find(({ type }) => type === 'payment.sealed.v1'),
      { withinMs: 30_000, everyMs: 50 },
    );
    const { rows } = await world.service.database.query(
      'SELECT requested_by, cut_off_at, payment_period FROM release_run WHERE run_id = $1',
      [paid.data.runId],
    );
    expect(rows[0]).toEqual({
      requested_by: 'calendar',
      cut_off_at: new Date(soonAt),
      payment_period: PERIOD,
    });
  });

  it('that could not be read is not paid over', async () => {
    const waits = aDeclaration({ organisationCode: practice(5), serviceCode: 'XPARKS' });
    await world.approve(waits);
    await world.neighbours.publishPoison('declarations', 'period.frozen.v1', `XPARKS|${DATE}`);
    await parkedFreezeOf('XPARKS');
    const run = await world.release();
    expect((await itemsOf(run.runId))[waits.declarationId]).toBe('UPSTREAM_EVENT_PARKED');
  });

  it('that could not be read while a run is in flight is not paid over either', async () => {
    const asked = aDeclaration({ organisationCode: practice(6), serviceCode: 'XFLIGHT' });
    const silent = aDeclaration({ organisationCode: practice(7), serviceCode: 'XWAITS' });
    await world.approve(asked, silent);
    world.neighbours.answering = (d: DeclarationState) =>
      d.declarationId === silent.declarationId ? 'silent' : 'confirm';
    const { body: run } = await world.startRun({ collectSeconds: COLLECTS_FOR_SECONDS });
    await world.knows({ ...asked, revision: 5 });
    await world.neighbours.publishPoison('declarations', 'period.frozen.v1', `XFLIGHT|${DATE}`);
    await parkedFreezeOf('XFLIGHT');
    await world.ended(run.runId);
    expect((await itemsOf(run.runId))[asked.declarationId]).toBe('UPSTREAM_EVENT_PARKED');
    const end = await eventually(() =>
      world.told(asked.declarationId).find(({ type }) => type === 'payment.not-included.v1'),
    );
    expect(end.data.words).toContain('could not be read');
    world.neighbours.answering = () => 'confirm';
  });
});
