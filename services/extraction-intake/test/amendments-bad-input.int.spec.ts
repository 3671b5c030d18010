import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newEvent, OrganisationChangedV1, type NewEvent } from '@attest/contracts';
import { eventually } from '@attest/testing';
import { randomUUID } from 'node:crypto';
import {
  declarerOf,
  startAmendments,
  type AmendmentsUnderTest,
  type APage,
} from './amendments-under-test.js';

let intake: AmendmentsUnderTest;
let page: APage;
beforeAll(async () => {
  intake = await startAmendments();
  page = await intake.aPage();
});
afterAll(() => intake.close());

/** Made up, with a valid check digit. */
const NHS_NUMBER = '9434765919';
const value = (over: object = {}) => ({ indicatorCode: 'VAX001', fieldName: 'DOSES', value: 104, ...over });

describe('a request that cannot be taken leaves nothing', () => {
  it.each<[string, object, number, string]>([
    ['no reason', { reason: undefined }, 400, 'REASON_MISSING'],
    ['an empty reason', { reason: '  ' }, 400, 'REASON_MISSING'],
    ['a reason of 1,001 characters', { reason: 'x'.repeat(1001) }, 400, 'REASON_TOO_LONG'],
    ['an NHS number in the reason', { reason: `For ${NHS_NUMBER}.` }, 422, 'PATIENT_IDENTIFIER_FOUND'],
    ['a reason that is a number', { reason: 12 }, 400, 'REQUEST_FAULTY'],
    ['no values', { values: [] }, 400, 'REQUEST_FAULTY'],
    ['values that are no list', { values: 'all' }, 400, 'REQUEST_FAULTY'],
    ['601 values', { values: Array.from({ length: 601 }, () => value()) }, 400, 'REQUEST_FAULTY'],
    ['a property of nobody', { pounds: '1.00' }, 400, 'REQUEST_FAULTY'],
    ['a property of nobody on a value', { values: [value({ old: 3 })] }, 400, 'REQUEST_FAULTY'],
    ['an unknown field', { values: [value({ fieldName: 'NOSUCH' })] }, 422, 'FIELD_UNKNOWN'],
    ['a field that nobody reads', { values: [value({ fieldName: 'COHORT' })] }, 422, 'FIELD_UNKNOWN'],
    ['a field named twice', { values: [value(), value()] }, 422, 'FIELD_DUPLICATE'],
    ['a negative value', { values: [value({ value: -1 })] }, 422, 'VALUE_NEGATIVE'],
    ['a value above 999,999,999', { values: [value({ value: 1e9 })] }, 422, 'VALUE_TOO_LARGE'],
    ['a decimal', { values: [value({ value: 1.5 })] }, 422, 'VALUE_DECIMAL'],
    ['a value in quotes', { values: [value({ value: '104' })] }, 422, 'VALUE_NOT_A_NUMBER'],
    ['no value', { values: [value({ value: undefined })] }, 422, 'VALUE_MISSING'],
    ['the value that is there', { values: [value({ value: 100 })] }, 422, 'NOTHING_CHANGED'],
    ['an unknown service', { serviceCode: 'NOSUCH' }, 422, 'SERVICE_UNKNOWN'],
    ['a service in small letters', { serviceCode: 'doses' }, 400, 'REQUEST_FAULTY'],
    ['a date before the service', { achievementDate: '2026-03-31' }, 422, 'DATE_OUTSIDE_SERVICE'],
    ['a date after the service', { achievementDate: '2027-04-01' }, 422, 'DATE_OUTSIDE_SERVICE'],
    ['a day that does not exist', { achievementDate: '2026-02-31' }, 400, 'REQUEST_FAULTY'],
    ['a date beyond the calendar', { achievementDate: '2026-04-15' }, 422, 'PAGE_UNKNOWN'],
    ['a page that never came', { achievementDate: '2027-03-31' }, 422, 'PAGE_UNKNOWN'],
    [
      'the last day of a closed year',
      { serviceCode: 'OLDDOSES', achievementDate: '2025-03-31' },
      422,
      'YEAR_CLOSED',
    ],
    [
      'the first open year, without a page',
      { serviceCode: 'OLDDOSES', achievementDate: '2025-04-30' },
      422,
      'PAGE_UNKNOWN',
    ],
  ])('%s', async (_, over, status, code) => {
    const answer = await intake.ask(page, 104, over);
    expect(answer).toMatchObject({ status, body: { code } });
    expect(JSON.stringify(answer.body)).not.toContain(NHS_NUMBER);
    expect((await intake.database.query('SELECT FROM amendment_request')).rowCount).toBe(0);
  });

  it('a practice that takes no part, or is no practice, or is unknown', async () => {
    const asked = (practiceCode: string) => intake.ask({ ...page, practiceCode }, 104, {}, 'national');
    await intake.know(
      [],
      [{ personId: 'national', role: 'DECLARATION_MANAGEMENT', organisationCode: 'ENGLAND' }],
    );
    expect((await asked('A90004')).body.code).toBe('NOT_PARTICIPATING');
    expect((await asked('U90001')).body.code).toBe('ORGANISATION_NOT_A_PRACTICE');
    expect((await asked('A99999')).body.code).toBe('PRACTICE_UNKNOWN');
  });

  it('a foreign practice, and people without the role', async () => {
    for (const person of ['approver', 'practice-one', 'approver-of-practice'])
      expect((await intake.ask(page, 104, {}, person)).status).toBe(403);
    expect(await intake.ask(page, 104, {}, 'declarer-two')).toMatchObject({
      status: 404,
      body: { code: 'ORGANISATION_UNKNOWN' },
    });
  });

  it('another request with the same idempotency key', async () => {
    const own = await intake.aPage();
    const key = { 'idempotency-key': randomUUID() };
    const body = { ...own, values: [value()], reason: 'Not counted.' };
    const first = await intake.post(declarerOf(own), 'amendment-requests', body, key);
    const again = await intake.post(declarerOf(own), 'amendment-requests', body, key);
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body.amendmentId).toBe(first.body.amendmentId);
    const other = await intake.post(
      declarerOf(own),
      'amendment-requests',
      { ...body, reason: 'Other.' },
      key,
    );
    expect(other).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
    expect(
      (await intake.post(declarerOf(own), 'amendment-requests', body, { 'idempotency-key': '' })).status,
    ).toBe(400);
  });
});

describe('a decision that cannot be taken leaves the request as it was', () => {
  let id: string;
  beforeAll(async () => {
    id = await intake.asked(page);
  });
  const path = (step: string) => `amendment-requests/${id}/${step}`;
  const untouched = async () =>
    expect((await intake.get('approver', `amendment-requests/${id}`)).body).toMatchObject({
      state: 'requested',
      amendmentVersion: 1,
    });

  it.each<[string, 'accept' | 'refuse' | 'withdraw', string, object, number, string]>([
    ['by a commissioner of others', 'accept', 'approver-elsewhere', {}, 404, 'AMENDMENT_UNKNOWN'],
    [
      'by an approver of the practice itself',
      'accept',
      'approver-of-practice',
      {},
      403,
      'NOT_YOUR_ORGANISATION',
    ],
    ['by the provider', 'accept', 'declarer-one', {}, 403, 'ROLE_MISSING'],
    ['by another provider', 'withdraw', 'declarer-two', {}, 404, 'AMENDMENT_UNKNOWN'],
    ['by the commissioner for the provider', 'withdraw', 'approver', {}, 403, 'ROLE_MISSING'],
    ['without a reason to refuse', 'refuse', 'approver', {}, 400, 'REASON_MISSING'],
    ['with an empty reason', 'refuse', 'approver', { reason: ' ' }, 400, 'REASON_MISSING'],
    ['with an empty reason to accept', 'accept', 'approver', { reason: '' }, 400, 'REASON_MISSING'],
    ['with an over-long reason', 'refuse', 'approver', { reason: 'x'.repeat(1001) }, 400, 'REASON_TOO_LONG'],
    [
      'with an NHS number in the reason',
      'refuse',
      'approver',
      { reason: `${NHS_NUMBER} is not ours` },
      422,
      'PATIENT_IDENTIFIER_FOUND',
    ],
  ])('%s', async (_, step, person, body, status, code) => {
    expect(await intake.decide(id, step, person, body)).toMatchObject({ status, body: { code } });
    await untouched();
  });

  it('on a version that is not the one that stands', async () => {
    expect(await intake.decide(id, 'accept', 'approver', {}, 7)).toMatchObject({
      status: 412,
      body: { code: 'STALE_VERSION' },
    });
    expect((await intake.post('approver', path('accept'), {})).body.code).toBe('IF_MATCH_MISSING');
    expect((await intake.post('approver', path('accept'), {}, { 'if-match': 'new' })).body.code).toBe(
      'IF_MATCH_FAULTY',
    );
    await untouched();
  });

  it('on a request that is not there', async () => {
    const nobody = `amendment-requests/${randomUUID()}`;
    expect((await intake.get('approver', nobody)).body.code).toBe('AMENDMENT_UNKNOWN');
    expect((await intake.post('approver', `${nobody}/accept`, {}, { 'if-match': '"1"' })).body.code).toBe(
      'AMENDMENT_UNKNOWN',
    );
    expect((await intake.get('approver', 'amendment-requests/one')).status).toBe(400);
  });

  it('after it was decided', async () => {
    const own = await intake.aPage();
    const decided = await intake.asked(own);
    await intake.decide(decided, 'refuse', 'approver', { reason: 'No.' });
    for (const [step, person] of [
      ['accept', 'approver'],
      ['refuse', 'commissioning'],
      ['withdraw', declarerOf(own)],
    ] as const)
      expect(await intake.decide(decided, step, person, { reason: 'Why.' }, 2)).toMatchObject({
        status: 409,
        body: { code: 'AMENDMENT_ALREADY_DECIDED' },
      });
  });
});

describe('who sees which requests', () => {
  const listed = async (personId: string, query = '') => {
    const answer = await intake.get(personId, `amendment-requests?limit=500${query}`);
    expect(answer.status).toBe(200);
    return answer.body.items as { practiceCode: string; state: string; amendmentId: string }[];
  };

  it('a provider its own, a commissioner those of its providers, nobody else any', async () => {
    const theirs = { serviceCode: 'VAX', achievementDate: '2026-06-30', practiceCode: 'A90002' };
    await intake.supplied(theirs, 100, 5);
    const id = await intake.asked(theirs);
    expect((await listed('declarer-two')).map((item) => item.practiceCode)).toEqual(['A90002']);
    expect(new Set((await listed('declarer-one')).map((item) => item.practiceCode))).toEqual(
      new Set(['A90001']),
    );
    expect(new Set((await listed('approver')).map((item) => item.practiceCode))).toEqual(
      new Set(['A90001', 'A90002']),
    );
    expect(await listed('approver-elsewhere')).toEqual([]);
    expect((await intake.get('declarer-one', `amendment-requests/${id}`)).body.code).toBe(
      'AMENDMENT_UNKNOWN',
    );
    expect((await intake.get('approver-elsewhere', `amendment-requests/${id}`)).status).toBe(404);
    expect((await intake.get('declarer-two', `amendment-requests/${id}`)).status).toBe(200);
  });

  it('filtered by state, service, organisation and commissioner, newest first, a page at a time', async () => {
    const all = await listed('approver');
    expect(all.map((item) => item.amendmentId)).toEqual(
      all
        .map((item) => item.amendmentId)
        .sort()
        .reverse(),
    );
    const walked: unknown[] = [];
    let cursor = '';
    do {
      const { body } = await intake.get('approver', `amendment-requests?limit=2${cursor}`);
      walked.push(...body.items);
      cursor = body.nextCursor === null ? '' : `&cursor=${body.nextCursor}`;
    } while (cursor !== '');
    expect(walked).toEqual(all);
    expect(new Set((await listed('approver', '&state=refused')).map((item) => item.state))).toEqual(
      new Set(['refused']),
    );
    expect(await listed('approver', '&serviceCode=VAX')).toHaveLength(1);
    expect(await listed('approver', '&organisationCode=A90002')).toHaveLength(1);
    expect(await listed('approver', '&organisationCode=U90001')).toHaveLength(all.length);
    expect(await listed('approver', '&commissionerCode=QAA')).toHaveLength(all.length);
    expect(await listed('approver', '&commissionerCode=QBB')).toEqual([]);
    expect(await listed('approver', `&achievementDate=${page.achievementDate}&state=requested`)).toHaveLength(
      1,
    );
  });

  it.each([
    'state=open',
    'limit=0',
    'cursor=x',
    `cursor=${Buffer.from('["x"]').toString('base64url')}`,
    'serviceCode=a',
  ])('a list asked for with %s is refused', async (query) => {
    expect((await intake.get('approver', `amendment-requests?${query}`)).status).toBe(400);
  });
});

it('a practice of which the newest word could not be read is neither asked for nor decided on', async () => {
  const own = await intake.aPage();
  const id = await intake.asked(own);
  const event = newEvent(OrganisationChangedV1, {
    code: own.practiceCode,
    kind: 'practice',
    name: 'Moving',
    commissionerCode: null,
    ancestors: [],
    openOn: null,
    closeOn: null,
    payee: null,
    listSizes: [],
    organisationVersion: 2,
  });
  await intake.topics.publish([
    { ...event, data: { ...event.data, closeOn: 'soon' } } as unknown as NewEvent,
  ]);
  await eventually(async () => (await intake.database.query('SELECT FROM blocked_key')).rowCount === 1);
  const parked = { status: 409, body: { code: 'UPSTREAM_EVENT_PARKED' } };
  expect(await intake.decide(id, 'accept', 'approver')).toMatchObject(parked);
  expect(await intake.ask(page, 104)).toMatchObject(parked);
  expect((await intake.decide(id, 'refuse', 'approver', { reason: 'No.' })).status).toBe(200);
});
