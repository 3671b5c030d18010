import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@attest/testing';
import { OPERATOR, qofFile } from './intake-under-test.js';
import {
  CUT_OFF,
  declarerOf,
  doses,
  LATER,
  startAmendments,
  type AmendmentsUnderTest,
  type APage,
} from './amendments-under-test.js';

let intake: AmendmentsUnderTest;
beforeAll(async () => {
  intake = await startAmendments();
});
afterAll(() => intake.close());

const said = (type: string, amendmentId: string) =>
  eventually(
    () => intake.seen.find((event) => event.type === type && event.data.amendmentId === amendmentId),
    { withinMs: 30_000 },
  );
const pageOf = async ({ serviceCode, achievementDate, practiceCode }: APage) =>
  (await intake.get(OPERATOR, `pages/${serviceCode}/${achievementDate}/${practiceCode}`)).body;
const one = (amendmentId: string, personId = 'approver') =>
  intake.get(personId, `amendment-requests/${amendmentId}`);

describe('a provider asks for corrected values', () => {
  it('and shows old and new, in values and pounds, while the page stays as it is', async () => {
    const page = await intake.aPage();
    const answer = await intake.ask(page, 104);
    expect(answer).toMatchObject({
      status: 201,
      body: {
        ...page,
        state: 'requested',
        label: 'Awaiting Commissioning Organisation Decision',
        amendmentVersion: 1,
        commissionerCode: 'QAA',
        pageVersion: 1,
        changes: [{ indicatorCode: 'VAX001', fieldName: 'DOSES', oldValue: 100, newValue: 104 }],
        pounds: {
          oldPence: '100600',
          newPence: '104624',
          differencePence: '4024',
          oldPoints: null,
          newPoints: null,
          code: null,
        },
        reconciliation: false,
        reason: 'Doses given in the branch were not counted.',
        requestedBy: declarerOf(page),
        decision: null,
      },
    });
    expect(answer.headers.get('etag')).toBe('"1"');
    const event = await said('amendment.requested.v1', answer.body.amendmentId as string);
    expect(event).toMatchObject({
      key: page.practiceCode,
      data: { ...page, oldPence: '100600', newPence: '104624', reasonGiven: true, reconciliation: false },
    });
    // What people write stays where those can read it who may.
    expect(JSON.stringify(event.data)).not.toContain('branch');
    expect((await pageOf(page)).versions).toHaveLength(1);
  });

  it('where a service is paid by the point, with the points', async () => {
    const rows = ['A90001,AST001,REGISTER,330', 'A90001,AST002,NUMERATOR,30', 'A90001,AST002,DENOMINATOR,60'];
    const page = { serviceCode: 'QOFTEST', achievementDate: '2026-07-31', practiceCode: 'A90001' };
    const file = await intake.send(qofFile(rows), {
      layout: 'qof-long',
      fileName: 'q.csv',
      serviceCode: page.serviceCode,
      achievementDate: page.achievementDate,
    });
    expect(file.body.counts).toMatchObject({ pagesReceived: 1 });
    const values = [
      { indicatorCode: 'AST002', fieldName: 'NUMERATOR', value: 52 },
      { indicatorCode: 'AST002', fieldName: 'NOTE', value: 0 },
    ];
    const answer = await intake.ask(page, 0, { values });
    expect(answer).toMatchObject({ status: 201 });
    // 4 + 15 × 5/35 = 6.14 points; 52 of 60 are above 80 per cent: 19 points, at £156.92.
    expect(answer.body.pounds).toMatchObject({
      oldPoints: '6.14',
      newPoints: '19.00',
      oldPence: '96349',
      newPence: '298148',
    });
    const detail = await one(answer.body.amendmentId as string);
    expect(detail.body.values).toEqual([
      { indicatorCode: 'AST001', fieldName: 'REGISTER', oldValue: 330, newValue: 330, changed: false },
      { indicatorCode: 'AST002', fieldName: 'NUMERATOR', oldValue: 30, newValue: 52, changed: true },
      { indicatorCode: 'AST002', fieldName: 'DENOMINATOR', oldValue: 60, newValue: 60, changed: false },
      { indicatorCode: 'AST002', fieldName: 'NOTE', oldValue: null, newValue: 0, changed: true },
    ]);
  });

  it('where the network is paid, without an amount that nobody could know', async () => {
    const page = { serviceCode: 'NETDOSES', achievementDate: '2026-07-31', practiceCode: 'A90001' };
    await intake.supplied(page, 10, 5);
    const answer = await intake.ask(page, 12);
    expect(answer.body.pounds).toMatchObject({
      oldPence: null,
      newPence: null,
      differencePence: null,
      code: 'NETWORK_FIGURE',
      words: expect.stringContaining('whole PCN'),
    });
  });

  it('once per page at a time, also when two ask at once', async () => {
    const page = await intake.aPage();
    const answers = await Promise.all([intake.ask(page, 101), intake.ask(page, 102)]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409]);
    expect(answers.find((answer) => answer.status === 409)!.body.code).toBe('AMENDMENT_ALREADY_OPEN');
    const id = answers.find((answer) => answer.status === 201)!.body.amendmentId as string;
    expect(await intake.decide(id, 'withdraw', declarerOf(page))).toMatchObject({
      status: 200,
      body: {
        state: 'withdrawn',
        decision: { personId: declarerOf(page), forOrganisation: page.practiceCode },
      },
    });
    expect((await intake.ask(page, 103)).status).toBe(201);
    expect((await said('amendment.decided.v1', id)).data).toMatchObject({
      outcome: 'withdrawn',
      newPageVersion: null,
      decisionReasonGiven: false,
    });
  });
});

describe('the commissioner decides', () => {
  it('accepting makes the new values the page, with file and lines of the rest, and tells everybody', async () => {
    const page = await intake.aPage();
    const id = await intake.asked(page);
    const answer = await intake.decide(id, 'accept', 'commissioning', { reason: 'Seen in the branch book.' });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        state: 'accepted',
        amendmentVersion: 2,
        decision: {
          personId: 'commissioning',
          forOrganisation: 'QAA',
          reason: 'Seen in the branch book.',
          newPageVersion: 2,
          overtakenByPageVersion: null,
        },
      },
    });
    expect(answer.headers.get('etag')).toBe('"2"');
    const { versions } = await pageOf(page);
    expect(versions).toMatchObject([
      { pageVersion: 2, amendmentId: id, values: [{ value: 104 }], fileId: versions[1].fileId, firstLine: 2 },
      { pageVersion: 1, amendmentId: null, values: [{ value: 100 }] },
    ]);
    expect(await said('page.amended.v1', id)).toMatchObject({
      key: page.practiceCode,
      data: { ...page, pageVersion: 2, values: [104], fileId: versions[1].fileId, amendmentId: id },
    });
    expect((await said('amendment.decided.v1', id)).data).toMatchObject({
      outcome: 'accepted',
      decidedBy: 'commissioning',
      newPageVersion: 2,
      oldPence: '100600',
      newPence: '104624',
    });
    const { rows } = await intake.database.query(
      `SELECT page_version, value::int, amendment_id FROM page_value
       WHERE service_code = 'DOSES' AND achievement_date = $1 AND practice_code = $2 AND is_current`,
      [page.achievementDate, page.practiceCode],
    );
    expect(rows).toEqual([{ page_version: 2, value: 104, amendment_id: id }]);
    expect((await one(id)).body.history).toMatchObject([
      { amendmentVersion: 1, from: null, to: 'requested', actor: 'provider', personId: declarerOf(page) },
      {
        amendmentVersion: 2,
        from: 'requested',
        to: 'accepted',
        actor: 'commissioner',
        forOrganisation: 'QAA',
      },
    ]);
  });

  it('refusing says why and changes nothing', async () => {
    const page = await intake.aPage();
    const id = await intake.asked(page);
    const answer = await intake.decide(id, 'refuse', 'approver', { reason: 'The book does not show them.' });
    expect(answer).toMatchObject({
      status: 200,
      body: { state: 'refused', decision: { newPageVersion: null } },
    });
    expect((await pageOf(page)).versions).toHaveLength(1);
    expect((await said('amendment.decided.v1', id)).data).toMatchObject({
      outcome: 'refused',
      decisionReasonGiven: true,
    });
    expect(
      intake.seen.filter((event) => event.type === 'page.amended.v1' && event.data.amendmentId === id),
    ).toEqual([]);
  });

  it.each(['accept', 'refuse'] as const)('two at once: one wins, the other hears it (%s)', async (step) => {
    const page = await intake.aPage();
    const id = await intake.asked(page);
    // Both have come before either may go on.
    const holder = await intake.database.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT FROM amendment_request WHERE amendment_id = $1 FOR UPDATE', [id]);
    const both = Promise.all([
      intake.decide(id, 'accept', 'commissioning'),
      intake.decide(id, step, 'approver', { reason: 'No.' }),
    ]);
    await eventually(async () => {
      const { rowCount } = await intake.database.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return rowCount === 2;
    });
    await holder.query('COMMIT');
    holder.release();
    const answers = await both;
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409]);
    expect(answers.find((answer) => answer.status === 409)!.body).toMatchObject({
      code: 'AMENDMENT_ALREADY_DECIDED',
    });
    const { rows } = await intake.database.query(
      'SELECT count(*)::int AS steps FROM amendment_history WHERE amendment_id = $1',
      [id],
    );
    expect(rows[0]).toEqual({ steps: 2 });
    const won = answers.find((answer) => answer.status === 200)!.body.state;
    expect((await pageOf(page)).versions).toHaveLength(won === 'accepted' ? 2 : 1);
  });

  it('with four eyes: not on their own request', async () => {
    const page = await intake.aPage();
    const { body } = await intake.ask(page, 104, {}, 'both');
    for (const step of ['accept', 'refuse'] as const)
      expect(
        await intake.decide(body.amendmentId as string, step, 'both', { reason: 'Mine.' }),
      ).toMatchObject({
        status: 403,
        body: { code: 'SAME_PERSON' },
      });
    expect((await intake.decide(body.amendmentId as string, 'accept', 'approver')).status).toBe(200);
  });

  it('not on values that newer data has overtaken', async () => {
    const page = await intake.aPage();
    const id = await intake.asked(page);
    expect((await intake.supplied(page, 102, 6)).body.counts).toMatchObject({ pagesAmended: 1 });
    expect((await said('amendment.decided.v1', id)).data).toMatchObject({
      outcome: 'superseded',
      decidedBy: null,
      newPageVersion: null,
    });
    for (const version of [1, 2])
      expect(await intake.decide(id, 'accept', 'approver', {}, version)).toMatchObject({
        status: 409,
        body: { code: 'PAGE_CHANGED_SINCE', detail: expect.stringContaining('asks again') },
      });
    const detail = await one(id);
    expect(detail.body).toMatchObject({ state: 'superseded', label: 'Overtaken by New Data' });
    expect(detail.body.history[1]).toMatchObject({
      actor: 'system',
      personId: null,
      causeFileId: expect.any(String),
    });
    expect(await intake.ask(page, 104)).toMatchObject({ status: 201, body: { pageVersion: 2 } });
  });

  it('not by a rule pack that has changed since', async () => {
    const page = await intake.aPage();
    const id = await intake.asked(page);
    const dearer = doses();
    const calculation = {
      kind: 'item-of-service' as const,
      items: [{ indicatorCode: 'VAX001', fieldName: 'DOSES', feePounds: '11.00' }],
    };
    await intake.publish({ ...dearer, rulePack: { ...dearer.rulePack, version: 2, calculation } }, 2);
    expect((await intake.decide(id, 'accept', 'approver')).body.code).toBe('RULE_PACK_CHANGED_SINCE');
    await intake.decide(id, 'withdraw', declarerOf(page));
    expect((await intake.ask(page, 104)).body).toMatchObject({
      rulePackVersion: 2,
      pounds: { oldPence: '110000', newPence: '114400' },
    });
    await intake.publish(doses(), 3);
  });
});

describe('after an amendment was accepted', () => {
  const accepted = async (page: APage, value = 104): Promise<string> => {
    const id = await intake.asked(page, value);
    expect((await intake.decide(id, 'accept', 'approver')).status).toBe(200);
    return id;
  };

  it('it stands against the supplier who says the old values once more, and the page shows it', async () => {
    const page = await intake.aPage();
    const id = await accepted(page);
    const again = await intake.supplied(page, 100, LATER);
    expect(again.body.counts).toMatchObject({ pagesSuperseded: 1, pagesAmended: 0 });
    const shown = await pageOf(page);
    expect(shown.versions[0]).toMatchObject({ pageVersion: 2, amendmentId: id });
    expect(shown.passedOver).toMatchObject([
      { why: 'AMENDMENT_STANDS', byPageVersion: 2, fileId: again.body.fileId },
    ]);
  });

  it('newer values of the supplier supersede it, and the request shows since when', async () => {
    const page = await intake.aPage();
    const id = await accepted(page);
    expect((await intake.supplied(page, 107, LATER)).body.counts).toMatchObject({ pagesAmended: 1 });
    expect((await pageOf(page)).versions[0]).toMatchObject({ pageVersion: 3, amendmentId: null });
    expect((await one(id)).body.decision).toMatchObject({ newPageVersion: 2, overtakenByPageVersion: 3 });
  });

  it('values sent before it was asked for come too late', async () => {
    const page = await intake.aPage();
    await accepted(page);
    expect((await intake.supplied(page, 107, 14)).body.counts).toMatchObject({ pagesSuperseded: 1 });
    expect((await pageOf(page)).passedOver).toMatchObject([{ why: 'OLDER_SUBMISSION' }]);
  });

  it('it may be amended again, and what the supplier had said is still known', async () => {
    const page = await intake.aPage();
    await accepted(page);
    const second = await accepted(page, 105);
    expect((await intake.supplied(page, 100, LATER)).body.counts).toMatchObject({ pagesSuperseded: 1 });
    expect((await pageOf(page)).versions[0]).toMatchObject({ pageVersion: 3, amendmentId: second });
  });
});

describe('a file that comes while the commissioner accepts', () => {
  it.each([1, 2, 3])('is before or after it, never both at once (%i)', async () => {
    const page = await intake.aPage();
    const id = await intake.asked(page);
    const [decided, file] = await Promise.all([
      intake.decide(id, 'accept', 'approver'),
      intake.supplied(page, 109, LATER),
    ]);
    expect(file.body.counts).toMatchObject({ pagesAmended: 1 });
    const { versions } = await pageOf(page);
    expect(versions[0]).toMatchObject({ amendmentId: null, values: [{ value: 109 }] });
    if (decided.status === 200)
      expect(versions.map((v: { pageVersion: number }) => v.pageVersion)).toEqual([3, 2, 1]);
    else {
      expect(decided.body.code).toBe('PAGE_CHANGED_SINCE');
      expect(versions.map((v: { pageVersion: number }) => v.pageVersion)).toEqual([2, 1]);
      expect((await one(id)).body.state).toBe('superseded');
    }
  });
});

describe('a service of which only the fields were recorded', () => {
  it('is not amended until its rule pack is published again', async () => {
    const page = await intake.aPage();
    await intake.database.query(`UPDATE rule_pack SET document = NULL WHERE service_code = 'DOSES'`);
    expect(await intake.ask(page, 104)).toMatchObject({ status: 409, body: { code: 'RULE_PACK_NOT_HELD' } });
    await intake.publish(doses(), 4);
    expect((await intake.ask(page, 104)).status).toBe(201);
  });
});

describe('a request after the cut-off', () => {
  it('is a reconciliation, from the moment at which the run is over', async () => {
    const page = await intake.aPage();
    const id = await intake.asked(page);
    expect((await one(id)).body.reconciliation).toBe(false);
    await intake.moveClock(CUT_OFF);
    await eventually(async () => (await one(id)).body.reconciliation === true);
    expect((await intake.decide(id, 'accept', 'approver')).body).toMatchObject({ reconciliation: true });
    expect((await said('amendment.decided.v1', id)).data.reconciliation).toBe(true);
  });
});

it('the history of a request cannot be altered', async () => {
  for (const sql of [
    `UPDATE amendment_history SET reason = 'other'`,
    'DELETE FROM amendment_history',
    'TRUNCATE amendment_history',
  ])
    await expect(intake.database.query(sql)).rejects.toThrow(/append-only|permission denied/);
});

it('every step of every request is chained', async () => {
  const counted = async (sql: string) => (await intake.database.query<{ n: number }>(sql)).rows[0]!.n;
  const steps = await counted('SELECT count(*)::int AS n FROM amendment_history');
  expect(steps).toBeGreaterThan(0);
  await eventually(
    async () =>
      (await counted(
        `SELECT count(*)::int AS n FROM audit_entry e JOIN amendment_history h ON h.audit_id = e.row_id AND h.audit_xid = e.row_xid
         WHERE e.subject = 'amendment_history' AND e.content ->> 'to_state' = h.to_state`,
      )) === steps,
  );
});
