import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TIERED_POLICY_EXAMPLE, type QualityService, type ServicePolicy } from '@attest/contracts';
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
const publish = (document: unknown, as = 'operator'): Promise<Answer> =>
  service.post(as, 'quality-services', document);

beforeAll(async () => {
  service = await startServiceUnderTest(catalogue);
  events = await service.topics.collect('quality-services');
  await service.know(
    [
      { code: 'ENGLAND', kind: 'national', ancestors: [] },
      { code: 'QX1', kind: 'commissioner' },
    ],
    [
      { personId: 'operator', role: 'NATIONAL_OPERATOR', organisationCode: 'ENGLAND' },
      { personId: 'icb-person', role: 'COMMISSIONING_MANAGEMENT', organisationCode: 'QX1' },
      { personId: 'viewer', role: 'VIEW', organisationCode: 'QX1' },
    ],
  );
});
afterAll(() => service.close());

describe('a payment agency', () => {
  it('is published once, and again when it changes', async () => {
    expect((await publish(aService())).body.code).toBe('AGENCY_UNKNOWN');
    expect((await service.post('operator', 'agencies', anAgency)).body).toEqual({
      ...anAgency,
      agencyVersion: 1,
    });
    expect((await service.post('operator', 'agencies', anAgency)).body.agencyVersion).toBe(1);
    expect(
      (await service.post('operator', 'agencies', { ...anAgency, label: 'SENT' })).body.agencyVersion,
    ).toBe(2);
    await eventually(() => events.filter((event) => event.type === 'agency.published.v1').length === 2);
    expect((await service.get('viewer', 'agencies')).body).toEqual([
      { ...anAgency, label: 'SENT', agencyVersion: 2 },
    ]);
  });

  it.each([
    ['an adapter that nobody wrote', { adapter: 'fax' }],
    ['a code that is none', { agencyCode: 'p' }],
    ['no name', { name: '' }],
  ])('is refused with %s', async (_name, changes) => {
    expect((await service.post('operator', 'agencies', { ...anAgency, ...changes })).body.code).toBe(
      'REQUEST_FAULTY',
    );
  });

  it.each([{ name: 'Agency of 674 442 4270' }, { label: 'SENT 6744424270' }])(
    'is refused with an NHS number in %p',
    async (changes) => {
      expect((await service.post('operator', 'agencies', { ...anAgency, ...changes })).body.code).toBe(
        'PATIENT_IDENTIFIER_FOUND',
      );
    },
  );
});

describe('a quality service', () => {
  it('is published when it fits and its examples come out', async () => {
    const answer = await publish(aService());
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      serviceCode: 'XVI2627',
      serviceVersion: 1,
      rulePackVersion: 1,
      examples: 1,
      repeated: false,
    });
    await eventually(() => events.some((event) => event.key === 'XVI2627'));
    expect(events.find((event) => event.key === 'XVI2627')!.data).toEqual({
      service: aService(),
      serviceVersion: 1,
    });
  });

  it('changes nothing when the same document comes again', async () => {
    expect((await publish(aService())).body).toMatchObject({ serviceVersion: 1, repeated: true });
  });

  it('gets a version with each change, and every version stays readable', async () => {
    expect((await publish(aService({ name: 'Renamed' }))).body).toMatchObject({
      serviceVersion: 2,
      rulePackVersion: 1,
    });
    const added = [
      { indicatorCode: 'XVI001', fieldName: 'NUMERATOR', required: true },
      { indicatorCode: 'XVI001', fieldName: 'DENOMINATOR', required: false },
    ];
    expect((await publish(aService({}, { version: 2, fields: added }))).body).toMatchObject({
      serviceVersion: 3,
      rulePackVersion: 2,
    });
    const newest = await service.get('viewer', 'quality-services/XVI2627');
    expect(newest.headers.get('etag')).toBe('"3"');
    expect(newest.body.service.rulePack.fields).toEqual(added);
    expect((await service.get('viewer', 'quality-services/XVI2627?version=1')).body.service).toEqual(
      aService(),
    );
    expect((await service.get('viewer', 'quality-services/XVI2627/versions')).body).toMatchObject([
      { serviceVersion: 3, rulePackVersion: 2, publishedBy: 'operator' },
      { serviceVersion: 2 },
      { serviceVersion: 1 },
    ]);
    expect((await service.get('viewer', 'quality-services?limit=1')).body).toMatchObject({
      items: [{ serviceCode: 'XVI2627', serviceVersion: 3 }],
      nextCursor: null,
    });
  });

  it.each<[string, unknown, number, string]>([
    [
      'changed rules under an old version',
      aService({}, { version: 1, note: 'changed' }),
      409,
      'RULE_PACK_VERSION_STALE',
    ],
    [
      'a field moved',
      aService({}, { version: 3, fields: [...aFields(['DENOMINATOR', 'NUMERATOR'])] }),
      409,
      'RULE_PACK_FIELDS_MOVED',
    ],
    [
      'a field removed',
      aService({}, { version: 3, fields: aFields(['NUMERATOR']) }),
      409,
      'RULE_PACK_FIELDS_MOVED',
    ],
    [
      'another provider kind',
      aService({ providerKind: 'pcn' }, { version: 3, dependsOn: ['page', 'membership'] }),
      409,
      'PROVIDER_KIND_FIXED',
    ],
    [
      'a route that ends below some amounts',
      withPolicy({ route: [{ belowPence: '1500000', tiers: ['manager'] }] }),
      422,
      'POLICY_FAULTY',
    ],
    [
      'a tier of a role that signs nothing',
      withPolicy({ tiers: [{ name: 'manager', role: 'VIEW' as 'APPROVAL_MANAGEMENT' }] }),
      400,
      'REQUEST_FAULTY',
    ],
    ['a negative finance limit', withPolicy({ financeAbovePence: '-1' }), 400, 'REQUEST_FAULTY'],
    ['a policy that nobody knows', withPolicy({ holdRelease: 'never' as 'manual' }), 400, 'REQUEST_FAULTY'],
    ['an unknown agency', aService({ serviceCode: 'XNEW2627', agencyCode: 'SBS' }), 422, 'AGENCY_UNKNOWN'],
    ['an end before its start', other({ endOn: '2026-03-31' }), 422, 'SERVICE_DATES_FAULTY'],
    ['a date that is none', other({ startOn: '2026-02-30' }), 422, 'SERVICE_DATES_FAULTY'],
    ['a year that is none', other({}, { financialYear: '2026/28' }), 422, 'SERVICE_DATES_FAULTY'],
    [
      'an oldest open year after its own',
      other({}, { oldestOpenFinancialYear: '2027/28' }),
      422,
      'SERVICE_DATES_FAULTY',
    ],
    [
      'an achievement date outside',
      other({ calendar: [entry({ achievementDate: '2026-03-31' })] }),
      422,
      'CALENDAR_FAULTY',
    ],
    ['an achievement date twice', other({ calendar: [entry(), entry()] }), 422, 'CALENDAR_FAULTY'],
    [
      'a deadline before it opens',
      other({ calendar: [entry({ providerDeadlineOn: '2026-08-01' })] }),
      422,
      'CALENDAR_FAULTY',
    ],
    [
      'a cut-off before the deadline',
      other({ calendar: [entry({ cutOffAt: '2026-08-20T17:00:00Z' })] }),
      422,
      'CALENDAR_FAULTY',
    ],
    [
      'a pay date before the cut-off',
      other({ calendar: [entry({ payOn: '2026-08-25' })] }),
      422,
      'CALENDAR_FAULTY',
    ],
    [
      'a payment period that is no month',
      other({ calendar: [entry({ paymentPeriod: '2026-13' })] }),
      422,
      'CALENDAR_FAULTY',
    ],
    [
      'a fee for a field that is not listed',
      other({}, { fields: aFields(['DENOMINATOR']) }),
      422,
      'RULE_PACK_FAULTY',
    ],
    ['a PCN service that no membership changes', other({ providerKind: 'pcn' }), 422, 'RULE_PACK_FAULTY'],
    [
      'an example that comes out otherwise',
      other({}, { examples: [{ ...aService().rulePack.examples[0]!, pence: '12073' }] }),
      422,
      'EXAMPLE_FAILED',
    ],
    [
      'an example without its value',
      other({}, { examples: [{ ...aService().rulePack.examples[0]!, values: [] }] }),
      422,
      'EXAMPLE_FAILED',
    ],
    [
      'an NHS number in its note',
      other({}, { note: 'as for 674 442 4270' }),
      422,
      'PATIENT_IDENTIFIER_FOUND',
    ],
    ['a property that is not known', { ...aService(), colour: 'blue' }, 400, 'REQUEST_FAULTY'],
    ['a version that no column takes', other({}, { version: 2_147_483_648 }), 400, 'REQUEST_FAULTY'],
    [
      'a kind that is not known',
      other({}, { calculation: { kind: 'lottery' } as never }),
      400,
      'REQUEST_FAULTY',
    ],
    [
      'a fee in words',
      other(
        {},
        {
          calculation: {
            kind: 'item-of-service',
            items: [{ indicatorCode: 'XVI001', fieldName: 'NUMERATOR', feePounds: 'ten' }],
          },
        },
      ),
      400,
      'REQUEST_FAULTY',
    ],
    ['nothing', {}, 400, 'REQUEST_FAULTY'],
    ['a list', [], 400, 'REQUEST_FAULTY'],
    ['no JSON', '{"serviceCode":', 400, 'REQUEST_FAULTY'],
  ])('is refused with %s and nothing changes', async (_name, document, status, code) => {
    const before = await versions();
    const answer = await publish(document);
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
    expect(await versions()).toEqual(before);
  });

  it('is told every fault of its form at once, by place and without the value', async () => {
    const answer = await publish({ ...aService({ serviceCode: 'x', startOn: 'soon' }), colour: 'blue' });
    expect(answer.body.faults).toEqual(
      expect.arrayContaining([
        { at: '/', detail: 'has colour, which is not known here' },
        { at: '/serviceCode', detail: 'has not the form that belongs here' },
        { at: '/startOn', detail: 'has not the form that belongs here' },
      ]),
    );
  });

  it('says who has to agree, and every version of that stays readable', async () => {
    const withRoute = { ...withPolicy(), serviceCode: 'XTIER2627' };
    const { policy: _, ...pack } = withRoute.rulePack;
    expect((await publish({ ...withRoute, rulePack: pack })).status).toBe(201);
    // Another policy is another rule pack, so it needs a higher version.
    expect((await publish(withRoute)).body.code).toBe('RULE_PACK_VERSION_STALE');
    const next = { ...withRoute, rulePack: { ...withRoute.rulePack, version: 2 } };
    expect((await publish(next)).body).toMatchObject({ serviceVersion: 2, rulePackVersion: 2 });
    const shown = async (version: number) =>
      (await service.get('viewer', `quality-services/XTIER2627?version=${version}`)).body.service.rulePack
        .policy;
    expect(await shown(1)).toBeUndefined();
    expect(await shown(2)).toEqual(TIERED_POLICY_EXAMPLE);
  });

  it.each([
    ['icb-person', 'NOT_YOUR_ORGANISATION'],
    ['viewer', 'ROLE_MISSING'],
  ])('is not published by %s', async (person, code) => {
    expect((await publish(aService({ serviceCode: 'XNEW2627' }), person)).body.code).toBe(code);
  });

  it('that was never published is not found', async () => {
    expect((await service.get('viewer', 'quality-services/XNONE')).body.code).toBe('SERVICE_UNKNOWN');
    expect((await service.get('viewer', 'quality-services/XNONE/versions')).body.code).toBe(
      'SERVICE_UNKNOWN',
    );
    expect((await service.get('viewer', 'quality-services/XVI2627?version=99')).body.code).toBe(
      'SERVICE_UNKNOWN',
    );
  });
});

describe('the business clock', () => {
  it('moves where it may, and tells everybody', async () => {
    const moved = await service.post('operator', 'business-clock', { now: '2030-08-10T09:00:00Z' });
    expect(moved.body.today).toBe('2030-08-10');
    await eventually(() => events.some((event) => event.type === 'business-clock.moved.v1'));
    const again = await service.post('operator', 'business-clock', { now: '2026-08-10T09:00:00+01:00' });
    expect(again.body.today).toBe('2026-08-10');
    await eventually(
      () =>
        events.filter((event) => event.type === 'business-clock.moved.v1').at(-1)?.data.clockVersion === 2,
    );
    expect((await service.get('viewer', 'business-clock')).body).toMatchObject({
      today: '2026-08-10',
      movable: true,
    });
  });

  it.each([
    ['operator', { now: 'tomorrow' }, 400, 'REQUEST_FAULTY'],
    ['operator', { now: '2026-08-10T09:00:00' }, 400, 'REQUEST_FAULTY'],
    ['icb-person', { now: '2026-08-10T09:00:00Z' }, 403, 'ROLE_MISSING'],
  ])('is refused to %s with %j', async (person, body, status, code) => {
    const answer = await service.post(person, 'business-clock', body);
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
  });
});

function aFields(names: readonly string[]): QualityService['rulePack']['fields'] {
  return names.map((fieldName) => ({ indicatorCode: 'XVI001', fieldName, required: false }));
}
function withPolicy(changes: Partial<ServicePolicy> = {}): QualityService {
  const policy = JSON.parse(JSON.stringify(TIERED_POLICY_EXAMPLE)) as ServicePolicy;
  return other({}, { policy: { ...policy, ...changes } });
}

describe('a calendar that was published', () => {
  it('is never published without an entry on which declarations may rest', async () => {
    const past = { startOn: '2024-04-01', serviceCode: 'XPAST' };
    const [first, second] = ['2024-07-31', '2024-08-31'].map((achievementDate) => entry({ achievementDate }));
    const pack = { financialYear: '2024/25', oldestOpenFinancialYear: '2023/24' };
    expect((await publish(aService({ ...past, calendar: [first!, second!] }, pack))).status).toBe(201);
    const dropped = await publish(aService({ ...past, calendar: [second!] }, pack));
    expect(dropped).toMatchObject({
      status: 409,
      body: { code: 'CALENDAR_ENTRY_DROPPED', detail: expect.stringContaining('2024-07-31') },
    });
    // Its dates may be moved.
    const moved = [{ ...first!, payOn: '2026-11-30' }, second!];
    expect((await publish(aService({ ...past, calendar: moved }, pack))).body).toMatchObject({
      serviceVersion: 2,
    });
  });
});

function entry(
  changes: Partial<QualityService['calendar'][number]> = {},
): QualityService['calendar'][number] {
  return { ...aService().calendar[0]!, ...changes };
}
function other(
  changes: Partial<QualityService>,
  pack: Partial<QualityService['rulePack']> = {},
): QualityService {
  return aService({ serviceCode: 'XNEW2627', ...changes }, pack);
}
async function versions(): Promise<unknown> {
  const { rows } = await service.database.query(
    `SELECT (SELECT sum(version) FROM quality_service) AS services, (SELECT count(*) FROM quality_service_version) AS versions`,
  );
  return rows[0];
}
