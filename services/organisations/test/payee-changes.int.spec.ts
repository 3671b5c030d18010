import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  eventually,
  startServiceUnderTest,
  type Answer,
  type SeenEvent,
  type ServiceUnderTest,
} from '@attest/testing';
import { organisations } from '../src/index.js';
import { directoryFollowed } from './directory.js';
import { WINTER_2026 } from './clock.js';
import { aFile } from './files.js';

const OPERATOR = 'first-operator';
const [FIRST, SECOND, FOREIGN, AT_THE_PRACTICE] = [
  'admin.1',
  'admin.2',
  'foreign',
  'practice-admin',
] as const;
const CONNECTIONS = 6;
const UNKNOWN = '00000000-0000-7000-8000-000000000000';
let service: ServiceUnderTest;
let events: readonly SeenEvent[];

const send = (layout: string, asAt: string, body: string): Promise<Answer> =>
  service.post(OPERATOR, `organisation-files?layout=${layout}&asAt=${asAt}&fileName=${layout}.csv`, body, {
    'content-type': 'text/csv',
  });
const practices = (asAt: string): Promise<Answer> =>
  send(
    'practices',
    asAt,
    aFile('practices', [
      // Merged into X00002 and closed with that.
      {
        practice_code: 'X00001',
        icb_code: 'QX1',
        sub_icb_code: '01X',
        close_date: '2026-05-31',
        status: 'C',
      },
      ...['X00002', 'X00003', 'X00004'].map((code) => ({
        practice_code: code,
        icb_code: 'QX1',
        sub_icb_code: '01X',
      })),
      { practice_code: 'X00007', icb_code: 'QX2', sub_icb_code: '02X' },
    ]),
  );
const successor = (changes: object = {}): object => ({
  providerCode: 'X00001',
  payeeCode: 'X00002',
  payeeName: 'The merged surgery',
  accountReference: 'ATTEST-X00002',
  reason: 'X00001 merged into X00002 on 1 June 2026.',
  ...changes,
});
const propose = (body: object, as: string = FIRST): Promise<Answer> =>
  service.post(as, 'payee-changes', body);
const decide = (what: 'confirm' | 'withdraw', id: string, as: string): Promise<Answer> =>
  service.post(as, `payee-changes/${id}/${what}`, {});
const payeeOf = async (code: string): Promise<unknown> =>
  (await service.get(OPERATOR, `organisations/${code}`)).body.payee;
const paid = (changes: object, id?: string): SeenEvent | undefined =>
  events.find(
    ({ type, data }) =>
      type === 'payee.changed.v1' &&
      (id === undefined || (data as { changeId: string }).changeId === id) &&
      Object.entries(changes).every(([key, value]) => (data as Record<string, unknown>)[key] === value),
  );

beforeAll(async () => {
  service = await startServiceUnderTest(
    organisations,
    {
      BOOTSTRAP_OPERATOR_ID: OPERATOR,
      DATABASE_POOL_SIZE: String(CONNECTIONS),
    },
    WINTER_2026,
  );
  events = await service.topics.collect('organisations');
  await practices('2026-06-30');
  const administers = (person_id: string, organisation_code: string) => ({
    person_id,
    name: 'A Person',
    role: 'ORGANISATION_ADMINISTRATION',
    organisation_code,
  });
  await send(
    'people',
    '2026-07-01',
    aFile('people', [
      administers(FIRST, 'QX1'),
      administers(SECOND, 'QX1'),
      administers(FOREIGN, 'QX2'),
      administers(AT_THE_PRACTICE, 'X00003'),
      { person_id: 'viewer', name: 'A Person', role: 'VIEW', organisation_code: 'QX1' },
    ]),
  );
  await directoryFollowed(service);
});
afterAll(() => service.close());

describe('the successor of a merged practice', () => {
  let changeId: string;

  it('is proposed by one person, and nobody is paid otherwise yet', async () => {
    const answer = await propose(successor());
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      status: 'PROPOSED',
      proposedBy: FIRST,
      decidedBy: null,
      formerPayee: { payeeCode: 'X00001' },
    });
    changeId = answer.body.changeId;
    expect(await payeeOf('X00001')).toMatchObject({ payeeCode: 'X00001' });
  });

  it('waits for the second person, and a second proposal waits for the first', async () => {
    expect((await propose(successor({ payeeCode: 'X00003' }))).body).toMatchObject({
      code: 'PAYEE_CHANGE_WAITS',
      detail: expect.stringContaining(changeId),
    });
    expect((await decide('confirm', changeId, FIRST)).body.code).toBe('SAME_PERSON');
    expect(await payeeOf('X00001')).toMatchObject({ payeeCode: 'X00001' });
  });

  it('is told to everybody when the second person confirms, once', async () => {
    const answers = await Promise.all([1, 2].map(() => decide('confirm', changeId, SECOND)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)!.body.code).toBe('PAYEE_CHANGE_DECIDED');
    const payee = {
      payeeCode: 'X00002',
      payeeName: 'The merged surgery',
      accountReference: 'ATTEST-X00002',
    };
    expect(await payeeOf('X00001')).toEqual(payee);
    const told = await eventually(() => paid({}, changeId));
    expect(told.data).toMatchObject({
      providerCode: 'X00001',
      commissionerCode: 'QX1',
      payee,
      formerPayee: { payeeCode: 'X00001' },
    });
    const changed = events.filter(
      ({ type, data }) =>
        type === 'organisation.changed.v1' &&
        (data as { code: string; payee: { payeeCode: string } | null }).payee?.payeeCode === 'X00002' &&
        (data as { code: string }).code === 'X00001',
    );
    expect(changed).toHaveLength(1);
  });

  it('stays the payee whatever file comes after', async () => {
    expect((await practices('2026-07-31')).body.notes).toMatchObject({ organisationsChanged: 0 });
    expect(await payeeOf('X00001')).toMatchObject({ payeeCode: 'X00002' });
  });

  it('stands in the list with both people, and each step in the chained history', async () => {
    const { items } = (await service.get(FIRST, 'payee-changes?providerCode=X00001&status=CONFIRMED')).body;
    expect(items).toMatchObject([{ changeId, proposedBy: FIRST, decidedBy: SECOND }]);
    const chained = await eventually(async () => {
      const { rows } = await service.database.query<{ status: string }>(
        `SELECT h.status FROM audit_entry e
         JOIN payee_change_history h ON h.audit_id = e.row_id AND h.audit_xid = e.row_xid
         WHERE h.change_id = $1 ORDER BY e.seq`,
        [changeId],
      );
      return rows.length === 2 && rows;
    });
    expect(chained.map(({ status }) => status)).toEqual(['PROPOSED', 'CONFIRMED']);
  });

  it.each([
    `UPDATE payee_change_history SET payee_code = 'X00009'`,
    'DELETE FROM payee_change_history',
    'TRUNCATE payee_change_history',
  ])('cannot be altered in its history: %s', async (statement) => {
    const { database } = service;
    await expect(database.query(statement)).rejects.toMatchObject({ code: '42501' });
    // Nor does giving itself the right help.
    await database.query('GRANT UPDATE, DELETE, TRUNCATE ON payee_change_history TO CURRENT_USER');
    await expect(database.query(statement)).rejects.toMatchObject({ code: '23001' });
    await database.query('REVOKE UPDATE, DELETE, TRUNCATE ON payee_change_history FROM CURRENT_USER');
  });
});

describe('a change of payee', () => {
  it('is withdrawn before it is confirmed, and decided once', async () => {
    const { changeId } = (await propose(successor({ providerCode: 'X00004' }))).body;
    expect((await decide('withdraw', changeId, SECOND)).body).toMatchObject({
      status: 'WITHDRAWN',
      decidedBy: SECOND,
    });
    for (const what of ['confirm', 'withdraw'] as const)
      expect((await decide(what, changeId, SECOND)).body.code).toBe('PAYEE_CHANGE_DECIDED');
    expect(await payeeOf('X00004')).toMatchObject({ payeeCode: 'X00004' });
  });

  it('may be proposed by the provider itself, but is confirmed at its commissioner', async () => {
    const { changeId } = (await propose(successor({ providerCode: 'X00003' }), AT_THE_PRACTICE)).body;
    // A second person of the practice is not enough.
    await service.post(OPERATOR, 'role-assignments', {
      personId: 'practice-admin.2',
      role: 'ORGANISATION_ADMINISTRATION',
      organisationCode: 'X00003',
      from: '2026-01-01',
    });
    await eventually(
      async () => (await service.get('practice-admin.2', 'organisations/X00003')).status === 200,
    );
    const refused = await decide('confirm', changeId, 'practice-admin.2');
    expect([refused.status, refused.body.code]).toEqual([403, 'NOT_YOUR_ORGANISATION']);
    expect((await decide('confirm', changeId, SECOND)).status).toBe(200);
  });

  it.each([
    ['no reason', { reason: ' ' }, 400, 'REASON_MISSING'],
    ['a reason over 1000 characters', { reason: 'x'.repeat(1001) }, 400, 'REASON_TOO_LONG'],
    ['an NHS number in the name', { payeeName: 'For 943 476 5919' }, 422, 'PATIENT_IDENTIFIER_FOUND'],
    ['an unknown provider', { providerCode: 'X09999' }, 404, 'ORGANISATION_UNKNOWN'],
    ['a commissioner as the provider', { providerCode: 'QX1' }, 422, 'NOT_A_PROVIDER'],
    ['a closed payee', { providerCode: 'X00004', payeeCode: 'X00001' }, 409, 'PAYEE_CLOSED'],
    [
      'the payee that it has',
      {
        providerCode: 'X00004',
        payeeCode: 'X00004',
        payeeName: 'A Made-up Practice',
        accountReference: 'ATTEST-X00004',
      },
      409,
      'PAYEE_UNCHANGED',
    ],
    ['a formula as the account', { accountReference: '=1+1' }, 400, 'REQUEST_FAULTY'],
  ])('with %s is refused and leaves nothing', async (_, changes, status, code) => {
    const answer = await propose(successor(changes));
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect((await service.get(FIRST, 'payee-changes?status=PROPOSED')).body.items).toEqual([]);
  });

  it('of another commissioner is neither seen nor decided nor proposed', async () => {
    const { changeId } = (await propose(successor({ providerCode: 'X00004' }))).body;
    expect((await propose(successor({ providerCode: 'X00004' }), FOREIGN)).body.code).toBe(
      'ORGANISATION_UNKNOWN',
    );
    for (const what of ['confirm', 'withdraw'] as const) {
      const answer = await decide(what, changeId, FOREIGN);
      expect([answer.status, answer.body.code]).toEqual([404, 'PAYEE_CHANGE_UNKNOWN']);
    }
    expect((await decide('confirm', UNKNOWN, SECOND)).body.code).toBe('PAYEE_CHANGE_UNKNOWN');
    expect((await service.get(FOREIGN, 'payee-changes')).body.items).toEqual([]);
    expect((await propose(successor(), 'viewer')).status).toBe(403);
    await decide('withdraw', changeId, FIRST);
  });

  it('is listed newest first, page by page', async () => {
    const seen: string[] = [];
    for (let cursor = ''; ;) {
      const { body } = await service.get(FIRST, `payee-changes?limit=2${cursor}`);
      seen.push(...body.items.map(({ changeId }: { changeId: string }) => changeId));
      if (!body.nextCursor) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    expect(seen).toEqual([...new Set(seen)].sort().reverse());
    expect(seen.length).toBeGreaterThan(3);
  });

  it('proposed twice at once with one key is one change', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const answers = await Promise.all(
      [1, 2].map(() => service.post(FIRST, 'payee-changes', successor({ providerCode: 'X00004' }), key)),
    );
    const ids = answers.flatMap(({ body }) => body.changeId ?? []);
    expect(new Set(ids).size).toBe(1);
    await decide('withdraw', ids[0], FIRST);
  });

  it('is confirmed also while confirmations hold every connection that there is', async () => {
    const { changeId } = (await propose(successor({ providerCode: 'X00004' }))).body;
    const other = await service.database.connect();
    try {
      await other.query('BEGIN');
      await other.query(`SELECT 1 FROM organisation WHERE code = 'X00004' FOR UPDATE`);
      const asked = Array.from({ length: CONNECTIONS }, () => decide('confirm', changeId, SECOND));
      await eventually(async () => {
        const { rows } = await service.database.query<{ n: number }>(
          `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        return rows[0]!.n === CONNECTIONS;
      });
      await other.query('ROLLBACK');
      const codes = (await Promise.all(asked)).map(({ body }) => body.code ?? body.status).sort();
      expect(codes).toEqual([
        'CONFIRMED',
        ...Array.from({ length: CONNECTIONS - 1 }, () => 'PAYEE_CHANGE_DECIDED'),
      ]);
    } finally {
      other.release(true);
    }
  });
});
