import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  eventually,
  startServiceUnderTest,
  type Answer,
  type SeenEvent,
  type ServiceUnderTest,
} from '@attest/testing';
import { organisations } from '../src/index.js';
import { WINTER_2026 } from './clock.js';
import { directoryFollowed } from './directory.js';
import { aFile } from './files.js';

const [OPERATOR, SECOND] = ['first-operator', 'second-operator'] as const;
const CODES = Array.from({ length: 40 }, (_, i) => `X${String(i + 1).padStart(5, '0')}`);
let service: ServiceUnderTest;
let memberships: readonly SeenEvent[];

const send = (layout: string, asAt: string, body: string, as: string = OPERATOR): Promise<Answer> =>
  service.post(as, `organisation-files?layout=${layout}&asAt=${asAt}&fileName=${layout}.csv`, body, {
    'content-type': 'text/csv',
  });
const step = (
  what: 'confirm' | 'withdraw' | 'keep',
  fileId: string,
  as: string,
  body = {},
): Promise<Answer> => service.post(as, `organisation-files/${fileId}/${what}`, body);
const history = (codes: readonly string[], pcn = 'U00001') =>
  aFile(
    'pcn-memberships',
    codes.map((practice_code) => ({ practice_code, pcn_code: pcn, start_date: '2019-10-01' })),
  );
const register = (closed: readonly string[], name = 'A Made-up Practice') =>
  aFile(
    'practices',
    CODES.map((practice_code) => ({
      practice_code,
      name,
      icb_code: 'QX1',
      sub_icb_code: '99X',
      ...(closed.includes(practice_code) ? { close_date: '2026-05-31', status: 'C' } : {}),
    })),
  );
const listed = (codes: readonly string[]) =>
  aFile(
    'practice-pcn-icb',
    codes.map((practice_code) => ({ practice_code, pcn_code: 'U00001', registered_patients: 5000 })),
  );
const membersOn = async (date: string): Promise<number> =>
  (await service.get(OPERATOR, `pcns/U00001/members?asAt=${date}&limit=500`)).body.items.length;
const practice = async (code: string): Promise<Answer['body']> =>
  (await service.get(OPERATOR, `organisations/${code}`)).body;
const versions = async (): Promise<unknown> =>
  (
    await service.database.query(`SELECT (SELECT sum(version) FROM organisation) AS organisations,
                                         (SELECT sum(version) FROM pcn_membership) AS memberships`)
  ).rows[0];

beforeAll(async () => {
  service = await startServiceUnderTest(
    organisations,
    { BOOTSTRAP_OPERATOR_ID: OPERATOR, CONFIRMATION_SHARES: 'pcns=50/1' },
    WINTER_2026,
  );
  memberships = await service.topics.collect('pcn-memberships');
  await service.post(OPERATOR, 'role-assignments', {
    personId: SECOND,
    role: 'NATIONAL_OPERATOR',
    organisationCode: 'ENGLAND',
    from: '2020-01-01',
  });
  await send('practices', '2026-04-30', register([]));
  await send('pcn-memberships', '2024-10-01', history(CODES));
  await directoryFollowed(service);
});
afterAll(() => service.close());

describe('a file that shrank is not a register', () => {
  let fileId: string;

  it('half of it, sent again for a date already loaded, waits and changes nothing', async () => {
    const before = await versions();
    const answer = await send('pcn-memberships', '2024-10-01', history(CODES.slice(0, 15)));
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      status: 'AWAITING_CONFIRMATION',
      accepted: 15,
      changed: 0,
      effect: { 'left-pcn': 25, 'moved-pcn': 0, closed: 0, membersStanding: 40 },
    });
    fileId = answer.body.fileId;
    expect(await versions()).toEqual(before);
    expect(await membersOn('2026-08-31')).toBe(40);
  });

  it('its receipt names whom it would take out, page by page', async () => {
    const first = await service.get(SECOND, `organisation-files/${fileId}/effects?limit=20`);
    expect(first.body.items[0]).toEqual({
      code: 'X00016',
      name: 'A Made-up Practice',
      kind: 'left-pcn',
      before: 'U00001',
      after: null,
    });
    const cursor = encodeURIComponent(first.body.nextCursor);
    const rest = await service.get(SECOND, `organisation-files/${fileId}/effects?limit=20&cursor=${cursor}`);
    expect(rest.body.items).toHaveLength(5);
    expect(rest.body.nextCursor).toBeNull();
    const waiting = await service.get(SECOND, 'organisation-files?status=AWAITING_CONFIRMATION');
    expect(waiting.body.items.map((file: { fileId: string }) => file.fileId)).toEqual([fileId]);
  });

  it('sent once more is the same that waits', async () => {
    const answer = await send('pcn-memberships', '2024-10-01', history(CODES.slice(0, 15)));
    expect(answer.body).toMatchObject({ fileId, repeated: true, status: 'AWAITING_CONFIRMATION' });
  });

  it('is confirmed by a second person, not by who sent it', async () => {
    expect((await step('confirm', fileId, OPERATOR)).body.code).toBe('SECOND_PERSON_NEEDED');
    expect(await membersOn('2026-08-31')).toBe(40);
  });

  it('is not confirmed when it would do something else than was shown, and shows it', async () => {
    await service.post(OPERATOR, 'role-assignments', {
      personId: 'admin',
      role: 'ORGANISATION_ADMINISTRATION',
      organisationCode: 'ENGLAND',
      from: '2020-01-01',
    });
    await directoryFollowed(service);
    const moved = await service.post('admin', 'pcn-membership-changes', {
      practiceCode: 'X00040',
      leavesPcnCode: 'U00001',
      effectiveOn: '2026-09-01',
      reason: 'The partners left the network.',
    });
    expect(moved.status).toBe(201);
    const fewer = await send('pcn-memberships', '2024-10-01', history(CODES.slice(0, 39)));
    expect(fewer.body).toMatchObject({ status: 'TAKEN', effect: { 'left-pcn': 1 } });
    const answer = await step('confirm', fileId, SECOND);
    expect(answer.body).toMatchObject({ code: 'FILE_EFFECT_CHANGED', facts: { touched: 24 } });
    expect(await membersOn('2026-08-31')).toBe(39);
    const shown = await service.get(SECOND, `organisation-files/${fileId}`);
    expect(shown.body).toMatchObject({ status: 'AWAITING_CONFIRMATION', effect: { 'left-pcn': 24 } });
  });

  it('is done once it is confirmed, and later than what was taken meanwhile', async () => {
    const answer = await step('confirm', fileId, SECOND);
    expect(answer.body).toMatchObject({ status: 'TAKEN', decidedBy: SECOND, notes: { pcnsCorrected: 1 } });
    expect(await membersOn('2026-08-31')).toBe(15);
    expect((await step('confirm', fileId, SECOND)).body.code).toBe('FILE_STEP_REFUSED');
  });

  it('is withdrawn by two people when much comes back, and what stood before stands again', async () => {
    const seen = memberships.length;
    const preview = await service.get(OPERATOR, `organisation-files/${fileId}/withdrawal?limit=10`);
    expect(preview.body).toMatchObject({
      needsSecondPerson: true,
      effect: { 'joined-pcn': 24 },
    });
    expect(preview.body.items).toHaveLength(10);
    expect(preview.body.nextCursor).not.toBeNull();
    const why = { reason: 'The download broke off.' };
    expect((await step('withdraw', fileId, OPERATOR)).body.code).toBe('REASON_MISSING');
    expect((await step('withdraw', fileId, OPERATOR, why)).body).toMatchObject({
      status: 'AWAITING_WITHDRAWAL',
      ...why,
    });
    expect(await membersOn('2026-08-31')).toBe(15);
    expect((await step('keep', fileId, OPERATOR, why)).body.status).toBe('TAKEN');
    expect((await step('withdraw', fileId, OPERATOR, why)).body.status).toBe('AWAITING_WITHDRAWAL');
    expect((await step('confirm', fileId, OPERATOR)).body.code).toBe('SECOND_PERSON_NEEDED');
    expect((await step('confirm', fileId, SECOND)).body).toMatchObject({
      status: 'WITHDRAWN',
      notes: { pcnsCorrected: 1 },
    });
    expect(await membersOn('2026-08-31')).toBe(39);
    await eventually(() => memberships.length > seen);
    expect(memberships.at(-1)).toMatchObject({
      type: 'pcn-membership.corrected.v1',
      data: { changedFrom: '2019-10-01', changedPractices: CODES.slice(15, 39) },
    });
  });

  it('steps are kept and cannot be changed', async () => {
    const { rows } = await service.database.query<{ status: string }>(
      `SELECT status FROM organisation_file_history WHERE file_id = $1 ORDER BY audit_id`,
      [fileId],
    );
    expect(rows.map(({ status }) => status)).toEqual([
      'AWAITING_CONFIRMATION',
      'TAKEN',
      'AWAITING_WITHDRAWAL',
      'TAKEN',
      'AWAITING_WITHDRAWAL',
      'WITHDRAWN',
    ]);
    await expect(service.database.query('DELETE FROM organisation_file_history')).rejects.toThrow();
  });

  it('which waits is withdrawn by whoever may send one, and was never there', async () => {
    const before = await versions();
    const { fileId: waiting, status } = (await send('practices', '2026-06-30', register(CODES.slice(0, 30))))
      .body;
    expect(status).toBe('AWAITING_CONFIRMATION');
    const answer = await step('withdraw', waiting, OPERATOR, { reason: 'Half of it is missing.' });
    expect(answer.body.status).toBe('WITHDRAWN');
    expect(await versions()).toEqual(before);
  });

  it.each<[string, string, string, () => string]>([
    ['practices that it closes', 'practices', '2026-06-30', () => register(CODES.slice(0, 20))],
    [
      'members that a list of a newer date leaves out',
      'practice-pcn-icb',
      '2026-07-01',
      () => listed(CODES.slice(0, 19)),
    ],
    [
      'members that a history of a newer date moves',
      'pcn-memberships',
      '2026-07-01',
      () => history(CODES, 'U00002'),
    ],
  ])('%s are counted', async (_name, layout, asAt, body) => {
    const answer = await send(layout, asAt, body());
    expect(answer.body.status).toBe('AWAITING_CONFIRMATION');
    await step('withdraw', answer.body.fileId, OPERATOR, { reason: 'It was a try.' });
  });

  it('the share is set by layout', async () => {
    const closing = aFile('pcns', [{ pcn_code: 'U00001', close_date: '2026-08-31' }]);
    const answer = await send('pcns', '2026-06-30', closing);
    expect(answer.body).toMatchObject({
      status: 'AWAITING_CONFIRMATION',
      effect: { closed: 1, pcnsStanding: 1 },
    });
    await step('withdraw', answer.body.fileId, OPERATOR, { reason: 'It was a try.' });
  });

  it('19 may go without a second person', async () => {
    const answer = await send('practices', '2026-06-30', register(CODES.slice(0, 19)));
    expect(answer.body).toMatchObject({ status: 'TAKEN', effect: { closed: 19, practicesStanding: 40 } });
    expect((await practice('X00001')).closeOn).toBe('2026-06-01');
  });
});

describe('a file that was taken is withdrawn', () => {
  it('closings, memberships and names are as before it', async () => {
    const { body } = await service.get(OPERATOR, 'organisation-files?limit=1');
    const fileId = body.items[0].fileId;
    const answer = await step('withdraw', fileId, OPERATOR, { reason: 'It named the wrong practices.' });
    expect(answer.body).toMatchObject({ status: 'WITHDRAWN', effect: { reopened: 19, 'joined-pcn': 19 } });
    expect((await practice('X00001')).closeOn).toBeNull();
    expect(await membersOn('2026-08-31')).toBe(39);
    const renamed = await send('practices', '2026-06-30', register([], 'Renamed'));
    expect((await practice('X00001')).name).toBe('Renamed');
    await step('withdraw', renamed.body.fileId, OPERATOR, { reason: 'Names of another year.' });
    expect((await practice('X00001')).name).toBe('A Made-up Practice');
  });

  it('can be sent again, and counts again', async () => {
    const answer = await send('practices', '2026-06-30', register([], 'Renamed'));
    expect(answer.body).toMatchObject({ repeated: false, status: 'TAKEN' });
    expect((await practice('X00001')).name).toBe('Renamed');
  });

  it('a practice that it alone named is closed from that day on', async () => {
    const { fileId } = (await send('pcns', '2026-06-30', aFile('pcns', [{ pcn_code: 'U00099' }]))).body;
    expect((await practice('U00099')).closeOn).toBeNull();
    await step('withdraw', fileId, OPERATOR, { reason: 'There is no such network.' });
    expect((await practice('U00099')).closeOn).toBe('2026-11-30');
  });

  it('not by somebody without the role', async () => {
    const people = aFile('people', [
      { person_id: 'viewer', name: 'V', role: 'VIEW', organisation_code: 'X00001' },
    ]);
    const { fileId } = (await send('people', '2026-07-01', people)).body;
    await directoryFollowed(service);
    for (const what of ['withdraw', 'confirm', 'keep'] as const)
      expect((await step(what, fileId, 'viewer', { reason: 'Wrong.' })).status).toBe(403);
    expect((await service.get('viewer', `organisation-files/${fileId}/withdrawal`)).status).toBe(403);
    expect((await service.get('viewer', `organisation-files/${fileId}/effects`)).status).toBe(403);
  });
});

describe('a file of people', () => {
  const roles = (to?: string) =>
    aFile(
      'people',
      CODES.map((organisation_code) => ({
        person_id: `declarer.${organisation_code}`,
        name: 'A Declarer',
        role: 'DECLARATION_MANAGEMENT',
        organisation_code,
        from: '2026-01-01',
        ...(to === undefined ? {} : { to }),
      })),
    );
  const inForce = async (): Promise<number> =>
    (
      await service.database.query(
        `SELECT FROM role_assignment WHERE role = 'DECLARATION_MANAGEMENT' AND valid_from = '2026-01-01' AND valid_to IS NULL`,
      )
    ).rows.length;

  it('that ends many roles waits, is confirmed by a second person, and gives them back when withdrawn', async () => {
    expect((await send('people', '2026-07-01', roles())).body).toMatchObject({
      status: 'TAKEN',
      changed: 40,
    });
    const { body } = await send('people', '2026-07-02', roles('2026-06-01'));
    expect(body).toMatchObject({ status: 'AWAITING_CONFIRMATION', changed: 0, effect: { 'lost-role': 40 } });
    expect(await inForce()).toBe(40);
    expect((await step('confirm', body.fileId, SECOND)).body).toMatchObject({ status: 'TAKEN', changed: 40 });
    expect(await inForce()).toBe(0);
    // What somebody changed since is theirs.
    await service.post(OPERATOR, 'role-assignments', {
      personId: 'declarer.X00001',
      role: 'DECLARATION_MANAGEMENT',
      organisationCode: 'X00001',
      from: '2026-02-01',
    });
    const why = { reason: 'The wrong year.' };
    expect((await step('withdraw', body.fileId, OPERATOR, why)).body.status).toBe('AWAITING_WITHDRAWAL');
    expect((await step('confirm', body.fileId, SECOND)).body).toMatchObject({
      status: 'WITHDRAWN',
      changed: 39,
      notes: { changedSince: 1 },
    });
    expect(await inForce()).toBe(39);
  });

  it('ends today what it alone gave', async () => {
    const { fileId } = (
      await send(
        'people',
        '2026-07-03',
        aFile('people', [
          { person_id: 'mistake', name: 'M', role: 'VIEW', organisation_code: 'X00002', from: '2026-01-01' },
        ]),
      )
    ).body;
    await step('withdraw', fileId, OPERATOR, { reason: 'No such person.' });
    const { rows } = await service.database.query(
      `SELECT valid_to::text FROM role_assignment WHERE person_id = 'mistake'`,
    );
    expect(rows).toEqual([{ valid_to: '2026-11-30' }]);
  });

  it.each([
    ['last first', [2, 1, 0], ['2027-02-01', null, '2026-11-30']],
    ['first first', [0, 1, 2], ['2027-03-01', '2027-03-01', '2026-11-30']],
    ['the middle first', [1, 2, 0], ['2027-03-01', null, '2026-11-30']],
  ])('three on one role give it back when all are withdrawn, %s', async (how, order, ends) => {
    const person_id = how.replaceAll(' ', '-');
    const sent: string[] = [];
    for (const [i, to] of ['', '2027-02-01', '2027-03-01'].entries()) {
      const row = {
        person_id,
        name: 'P',
        role: 'VIEW',
        organisation_code: 'X00002',
        from: '2026-01-01',
        to,
      } as const;
      sent.push((await send('people', `2026-07-1${i}`, aFile('people', [row]))).body.fileId);
    }
    const found: unknown[] = [];
    for (const i of order) {
      await step('withdraw', sent[i]!, OPERATOR, { reason: 'Not these people.' });
      const { rows } = await service.database.query<{ valid_to: string | null }>(
        `SELECT valid_to::text FROM role_assignment WHERE person_id = $1`,
        [person_id],
      );
      found.push(rows[0]!.valid_to);
    }
    expect(found).toEqual(ends);
  });
});
