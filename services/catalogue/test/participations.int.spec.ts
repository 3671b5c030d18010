import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newEvent, OrganisationClosedV1 } from '@attest/contracts';
import {
  eventually,
  startServiceUnderTest,
  type Answer,
  type SeenEvent,
  type ServiceUnderTest,
} from '@attest/testing';
import { catalogue } from '../src/index.js';
import { anAgency, aService } from './services.js';

let service: ServiceUnderTest;
let events: readonly SeenEvent[];

const offer = (body: object, as = 'operator'): Promise<Answer> =>
  service.post(as, 'offers', {
    serviceCode: 'XVI2627',
    from: '2026-04-01',
    respondBy: '2090-01-01',
    ...body,
  });
const respond = (as: string, ...responses: object[]): Promise<Answer> =>
  service.post(as, 'offers/responses', {
    responses: responses.map((r) => ({ serviceCode: 'XVI2627', answer: 'accept', ...r })),
  });
const end = (body: object, as = 'operator'): Promise<Answer> =>
  service.post(as, 'participations/end', { serviceCode: 'XVI2627', reason: 'The contract ended.', ...body });
const outcomes = (answer: Answer): unknown =>
  answer.body.items.map((item: { providerCode: string; status: string; code: string }) => [
    item.providerCode,
    item.code ?? item.status,
  ]);
const statusOf = async (provider: string, code = 'XVI2627'): Promise<unknown> =>
  (await service.get('operator', `participations?serviceCode=${code}&providerCode=${provider}`)).body
    .items[0];
const changed = (code: string): readonly SeenEvent[] =>
  events.filter((event) => event.type === 'participations.changed.v1' && event.key === code);

beforeAll(async () => {
  service = await startServiceUnderTest(catalogue);
  events = await service.topics.collect('quality-services');
  const icb = (code: string): string[] => [code, 'Y99', 'ENGLAND'];
  const practice = (code: string, commissioner = 'QX1', more: object = {}) =>
    ({
      code,
      kind: 'practice',
      commissionerCode: commissioner,
      ancestors: icb(commissioner),
      ...more,
    }) as const;
  await service.know(
    [
      { code: 'ENGLAND', kind: 'national', ancestors: [] },
      { code: 'QX1', kind: 'commissioner', ancestors: ['Y99', 'ENGLAND'] },
      { code: 'QX2', kind: 'commissioner', ancestors: ['Y99', 'ENGLAND'] },
      practice('X00001'),
      practice('X00002'),
      practice('X00003'),
      practice('X00004', 'QX1', { closeOn: '2026-04-01' }),
      practice('X00007', 'QX2'),
      { code: 'U00001', kind: 'pcn', commissionerCode: 'QX1', ancestors: icb('QX1') },
      ...Array.from({ length: 600 }, (_, i) => practice(`X10${String(i).padStart(3, '0')}`, 'QX2')),
    ],
    [
      { personId: 'operator', role: 'NATIONAL_OPERATOR', organisationCode: 'ENGLAND' },
      { personId: 'icb-person', role: 'COMMISSIONING_MANAGEMENT', organisationCode: 'QX1' },
      { personId: 'declarer-1', role: 'DECLARATION_MANAGEMENT', organisationCode: 'X00001' },
      { personId: 'declarer-2', role: 'DECLARATION_MANAGEMENT', organisationCode: 'X00002' },
      { personId: 'declarer-3', role: 'DECLARATION_MANAGEMENT', organisationCode: 'X00003' },
      { personId: 'qx2-declarer', role: 'DECLARATION_MANAGEMENT', organisationCode: 'QX2' },
      { personId: 'viewer', role: 'VIEW', organisationCode: 'X00001' },
    ],
  );
  await service.post('operator', 'agencies', anAgency);
  await service.post('operator', 'quality-services', aService());
  await service.post(
    'operator',
    'quality-services',
    aService({ serviceCode: 'XAUTO2627', acceptance: 'automatic' }),
  );
});
afterAll(() => service.close());

describe('an offer', () => {
  it('goes to those named, and says of each that cannot be offered why', async () => {
    const answer = await offer(
      { providers: ['X00001', 'X00002', 'X00003', 'X00004', 'X99999', 'U00001', 'X00007'] },
      'icb-person',
    );
    expect(answer.status).toBe(200);
    expect(outcomes(answer)).toEqual([
      ['U00001', 'PROVIDER_KIND_WRONG'],
      ['X00001', 'offered'],
      ['X00002', 'offered'],
      ['X00003', 'offered'],
      ['X00004', 'ORGANISATION_CLOSED'],
      ['X00007', 'PROVIDER_UNKNOWN'],
      ['X99999', 'PROVIDER_UNKNOWN'],
    ]);
    expect(await statusOf('X00001')).toMatchObject({
      status: 'offered',
      from: '2026-04-01',
      to: '2027-04-01',
      participationVersion: 1,
    });
    await eventually(() => changed('XVI2627').length === 1);
    expect(changed('XVI2627')[0]!.data).toMatchObject({
      participationsVersion: 1,
      changes: [{ providerCode: 'X00001', status: 'offered' }, {}, {}],
    });
  });

  it('made again changes nothing', async () => {
    const answer = await offer({ providers: ['X00001'] }, 'icb-person');
    expect(answer.body).toMatchObject({ changed: 0, unchanged: 1, refused: 0 });
    expect(changed('XVI2627')).toHaveLength(1);
  });

  it('to all of its kind goes to those open then, at most 500 in one event; some services are accepted by it', async () => {
    const answer = await offer({ serviceCode: 'XAUTO2627', providers: 'all-of-kind' });
    expect(answer.body).toMatchObject({ changed: 604, unchanged: 0, refused: 0 });
    await eventually(() => changed('XAUTO2627').length === 2);
    const [first, second] = changed('XAUTO2627').map((event) => event.data);
    expect([first.participationsVersion, second.participationsVersion]).toEqual([1, 2]);
    expect([first.changes.length, second.changes.length]).toEqual([500, 104]);
    expect(first.changes[0]).toEqual({
      providerCode: 'X00001',
      status: 'accepted',
      from: '2026-04-01',
      to: '2027-04-01',
      participationVersion: 1,
    });
    expect(await statusOf('X00004', 'XAUTO2627')).toBeUndefined();
  });

  it('to all of its kind by an ICB goes to its own', async () => {
    const answer = await offer({ serviceCode: 'XAUTO2627', providers: 'all-of-kind' }, 'icb-person');
    expect(answer.body).toMatchObject({ changed: 0, unchanged: 3 });
  });

  it.each<[string, object, number, string, string?]>([
    ['of an unknown service', { serviceCode: 'XNONE', providers: ['X00001'] }, 404, 'SERVICE_UNKNOWN'],
    ['from before the service', { from: '2026-03-31', providers: ['X00001'] }, 422, 'OFFER_DATES_OUTSIDE'],
    ['beyond the service', { to: '2027-04-02', providers: ['X00001'] }, 422, 'OFFER_DATES_OUTSIDE'],
    ['that ends before it begins', { to: '2026-04-01', providers: ['X00001'] }, 422, 'OFFER_DATES_OUTSIDE'],
    ['to be answered yesterday', { respondBy: '2020-01-01', providers: ['X00001'] }, 422, 'RESPOND_BY_PAST'],
    ['to nobody', { providers: [] }, 400, 'REQUEST_FAULTY'],
    ['to everybody there is', { providers: 'everybody' }, 400, 'REQUEST_FAULTY'],
    ['to too many', { providers: Array.from({ length: 10_001 }, (_, i) => `X${i}`) }, 400, 'REQUEST_FAULTY'],
    ['to what is no code', { providers: ['x'] }, 400, 'REQUEST_FAULTY'],
    ['on no date of the calendar', { from: '2026-04-31', providers: ['X00001'] }, 400, 'REQUEST_FAULTY'],
    ['by a provider', { providers: ['X00001'] }, 403, 'ROLE_MISSING', 'declarer-1'],
  ])('%s is refused whole', async (_name, body, status, code, as = 'operator') => {
    const answer = await offer(body, as);
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
  });
});

describe('an answer', () => {
  it("accepts or refuses for one's own organisation, each item by itself", async () => {
    const answer = await respond(
      'declarer-1',
      { providerCode: 'X00001' },
      { providerCode: 'X00001' },
      { providerCode: 'X00002' },
      { providerCode: 'X00001', serviceCode: 'XNONE' },
    );
    expect(outcomes(answer)).toEqual([
      ['X00001', 'accepted'],
      ['X00001', 'ITEM_REPEATED'],
      ['X00002', 'OFFER_UNKNOWN'],
      ['X00001', 'OFFER_UNKNOWN'],
    ]);
    expect(answer.body).toMatchObject({ changed: 1, unchanged: 0, refused: 3 });
    expect(await statusOf('X00001')).toMatchObject({ status: 'accepted', participationVersion: 2 });
    expect(await statusOf('X00002')).toMatchObject({ status: 'offered', participationVersion: 1 });
  });

  it('given again changes nothing; the other answer comes too late', async () => {
    expect(outcomes(await respond('declarer-1', { providerCode: 'X00001' }))).toEqual([
      ['X00001', 'accepted'],
    ]);
    expect(
      outcomes(await respond('declarer-1', { providerCode: 'X00001', answer: 'refuse', reason: 'no' })),
    ).toEqual([['X00001', 'OFFER_NOT_OPEN']]);
  });

  it.each([
    ['no reason', undefined, 'REASON_MISSING'],
    ['an endless reason', 'r'.repeat(1001), 'REASON_TOO_LONG'],
    ['an NHS number for a reason', '674 442 4270', 'PATIENT_IDENTIFIER_FOUND'],
  ])('that refuses with %s is refused itself', async (_name, reason, code) => {
    expect(
      outcomes(await respond('declarer-2', { providerCode: 'X00002', answer: 'refuse', reason })),
    ).toEqual([['X00002', code]]);
    expect(await statusOf('X00002')).toMatchObject({ status: 'offered' });
  });

  it('that refuses with its reason stands until the service is offered again', async () => {
    const no = { providerCode: 'X00002', answer: 'refuse', reason: 'Too few nurses.' };
    expect(outcomes(await respond('declarer-2', no))).toEqual([['X00002', 'refused']]);
    expect(outcomes(await respond('declarer-2', { providerCode: 'X00002' }))).toEqual([
      ['X00002', 'OFFER_NOT_OPEN'],
    ]);
    expect(outcomes(await offer({ providers: ['X00002'] }))).toEqual([['X00002', 'offered']]);
    expect(outcomes(await respond('declarer-2', { providerCode: 'X00002' }))).toEqual([
      ['X00002', 'accepted'],
    ]);
    const kept = await service.database.query(
      `SELECT version::int, status, reason, changed_by FROM participation_change
       WHERE service_code = 'XVI2627' AND provider_code = 'X00002' ORDER BY version`,
    );
    expect(kept.rows).toEqual([
      { version: 1, status: 'offered', reason: null, changed_by: 'icb-person' },
      { version: 2, status: 'refused', reason: 'Too few nurses.', changed_by: 'declarer-2' },
      { version: 3, status: 'offered', reason: null, changed_by: 'operator' },
      { version: 4, status: 'accepted', reason: null, changed_by: 'declarer-2' },
    ]);
  });

  it('after the last day to answer is refused', async () => {
    await service.post('operator', 'business-clock', { now: '2026-06-01T09:00:00Z' });
    await offer({ providers: ['X00003'], respondBy: '2026-06-01' });
    await service.post('operator', 'business-clock', { now: '2026-06-01T23:30:00Z' }); // 00:30 on 2 June in London
    expect(outcomes(await respond('declarer-3', { providerCode: 'X00003' }))).toEqual([
      ['X00003', 'OFFER_EXPIRED'],
    ]);
    await service.post('operator', 'business-clock', { now: '2026-06-01T22:30:00Z' });
    expect(outcomes(await respond('declarer-3', { providerCode: 'X00003' }))).toEqual([
      ['X00003', 'accepted'],
    ]);
  });

  it('may be given for hundreds at once', async () => {
    const codes = Array.from({ length: 600 }, (_, i) => `X10${String(i).padStart(3, '0')}`);
    await offer({ providers: codes });
    const answer = await respond('qx2-declarer', ...codes.map((providerCode) => ({ providerCode })));
    expect(answer.body).toMatchObject({ changed: 600, refused: 0 });
  });

  it('sent by two people at once counts once', async () => {
    await offer({ providers: ['X00007'] });
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => respond('qx2-declarer', { providerCode: 'X00007' })),
    );
    expect(answers.reduce((sum, answer) => sum + Number(answer.body.changed), 0)).toBe(1);
    expect(await statusOf('X00007')).toMatchObject({ status: 'accepted', participationVersion: 2 });
  });

  it('is given again, not done again, when it is sent again with its key', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const body = { responses: [{ serviceCode: 'XVI2627', providerCode: 'X00003', answer: 'accept' }] };
    const first = await service.post('declarer-3', 'offers/responses', body, key);
    expect((await service.post('declarer-3', 'offers/responses', body, key)).body).toEqual(first.body);
  });
});

describe('an end', () => {
  it('lies inside the participation and needs a reason', async () => {
    expect((await end({ providerCodes: ['X00001'], on: '2026-10-01', reason: '' })).body.code).toBe(
      'REASON_MISSING',
    );
    expect((await end({ serviceCode: 'XNONE', providerCodes: ['X00001'], on: '2026-10-01' })).body.code).toBe(
      'SERVICE_UNKNOWN',
    );
    expect(outcomes(await end({ providerCodes: ['X00001'], on: '2026-04-01' }))).toEqual([
      ['X00001', 'END_OUTSIDE'],
    ]);
    expect(outcomes(await end({ providerCodes: ['X00001'], on: '2027-04-02' }))).toEqual([
      ['X00001', 'END_OUTSIDE'],
    ]);
    const answer = await end(
      { providerCodes: ['X00001', 'X00007', 'U00001'], on: '2026-10-01' },
      'icb-person',
    );
    expect(outcomes(answer)).toEqual([
      ['X00001', 'ended'],
      ['X00007', 'OFFER_UNKNOWN'],
      ['U00001', 'OFFER_UNKNOWN'],
    ]);
    expect(await statusOf('X00001')).toMatchObject({
      status: 'ended',
      to: '2026-10-01',
      participationVersion: 3,
    });
    expect(outcomes(await end({ providerCodes: ['X00001'], on: '2026-10-01' }))).toEqual([
      ['X00001', 'ended'],
    ]);
    expect(outcomes(await offer({ providers: ['X00001'] }))).toEqual([['X00001', 'PARTICIPATION_ENDED']]);
  });

  it('takes back an offer that nobody answered', async () => {
    await service.post('operator', 'quality-services', aService({ serviceCode: 'XBACK2627' }));
    await offer({ serviceCode: 'XBACK2627', providers: ['X00001'] });
    expect(
      outcomes(await end({ serviceCode: 'XBACK2627', providerCodes: ['X00001'], on: '2026-10-01' })),
    ).toEqual([['X00001', 'refused']]);
  });

  it('keeps the service from being cut shorter than its participations', async () => {
    const answer = await service.post('operator', 'quality-services', aService({ endOn: '2027-01-01' }));
    expect(answer.body.code).toBe('PARTICIPATIONS_OUTSIDE');
  });
});

describe('participations', () => {
  it('are shown to those who hold a role for the provider, page by page', async () => {
    const own = await service.get('viewer', 'participations');
    expect(own.body.items.map((p: { providerCode: string }) => p.providerCode)).toEqual([
      'X00001',
      'X00001',
      'X00001',
    ]);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Answer = await service.get(
        'qx2-declarer',
        `participations?serviceCode=XVI2627&status=accepted&limit=250${cursor ? `&cursor=${cursor}` : ''}`,
      );
      seen.push(...page.body.items.map((p: { providerCode: string }) => p.providerCode));
      cursor = page.body.nextCursor;
    } while (cursor);
    expect(new Set(seen).size).toBe(601);
  });

  it('are told in order: no number of a service is missing or twice', async () => {
    const versions = await service.database.query<{ service_code: string; version: string }>(
      `SELECT * FROM participations_version`,
    );
    for (const { service_code, version } of versions.rows) {
      await eventually(() => changed(service_code).length === Number(version));
      expect(changed(service_code).map((event) => event.data.participationsVersion)).toEqual(
        Array.from({ length: Number(version) }, (_, i) => i + 1),
      );
    }
  });
});

describe('a provider that closes', () => {
  it('takes part in nothing from then on, once', async () => {
    await offer({ serviceCode: 'XAUTO2627', providers: ['X10001', 'X10002'] });
    const closes = (closeOn: string, organisationVersion: number) =>
      service.topics.publish([
        newEvent(OrganisationClosedV1, {
          code: 'X10001',
          kind: 'practice',
          name: 'Made-up practice',
          commissionerCode: 'QX2',
          ancestors: ['QX2', 'Y99', 'ENGLAND'],
          openOn: '2010-04-01',
          closeOn,
          payee: null,
          listSizes: [],
          organisationVersion,
        }),
      ]);
    await closes('2026-09-01', 7);
    await eventually(
      async () => ((await statusOf('X10001', 'XAUTO2627')) as { to: string }).to === '2026-09-01',
    );
    expect(await statusOf('X10001', 'XAUTO2627')).toMatchObject({ status: 'ended', participationVersion: 2 });
    expect(await statusOf('X10002', 'XAUTO2627')).toMatchObject({ status: 'accepted', to: '2027-04-01' });
    await eventually(() =>
      changed('XAUTO2627').some(({ data }) =>
        data.changes.some(
          (one: { providerCode: string; to: string }) =>
            one.providerCode === 'X10001' && one.to === '2026-09-01',
        ),
      ),
    );
    // An earlier closing counts, a later one brings nothing back.
    await closes('2026-08-01', 8);
    await eventually(
      async () => ((await statusOf('X10001', 'XAUTO2627')) as { to: string }).to === '2026-08-01',
    );
    await closes('2026-10-01', 9);
    await closes('2026-08-01', 10);
    expect(await statusOf('X10001', 'XAUTO2627')).toMatchObject({
      to: '2026-08-01',
      participationVersion: 3,
    });
  });
});
