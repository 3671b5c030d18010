import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newEvent, OrganisationChangedV1, type OrganisationState, type RulePack } from '@attest/contracts';
import { eventually } from '@attest/testing';
import {
  aPack,
  aService,
  coreFunding,
  corePack,
  DATE,
  membership,
  OPERATOR,
  pageOf,
  participating,
  published,
  spell,
  startAggregation,
  type AggregationUnderTest,
} from './aggregation-under-test.js';

let aggregation: AggregationUnderTest;
beforeAll(async () => {
  aggregation = await startAggregation();
  await aggregation.know(
    [
      { code: 'ENGLAND', kind: 'national', ancestors: [] },
      { code: 'QAA', kind: 'commissioner' },
      ...['U90001', 'U90002'].map((code) => ({
        code,
        kind: 'pcn' as const,
        commissionerCode: 'QAA',
        ancestors: ['QAA', 'ENGLAND'],
      })),
      ...['A90001', 'A90002', 'A90003', 'A90004'].map((code, i) => ({
        code,
        kind: 'practice' as const,
        commissionerCode: 'QAA',
        ancestors: ['QAA', 'ENGLAND'],
        registeredPatients: 10_000 * (i + 1),
      })),
    ],
    [
      { personId: OPERATOR, role: 'NATIONAL_OPERATOR', organisationCode: 'ENGLAND' },
      { personId: 'practice-one', role: 'VIEW', organisationCode: 'A90001' },
      { personId: 'icb', role: 'APPROVAL_MANAGEMENT', organisationCode: 'QAA' },
      { personId: 'icb-commissioning', role: 'COMMISSIONING_MANAGEMENT', organisationCode: 'QAA' },
    ],
  );
});
afterAll(() => aggregation.close());

const last = (serviceCode: string, organisationCode: string, date = DATE) =>
  aggregation.said(serviceCode, organisationCode, date).at(-1);
const revision = (serviceCode: string, organisationCode: string, figureRevision: number, date = DATE) =>
  eventually(() =>
    aggregation
      .said(serviceCode, organisationCode, date)
      .find((event) => event.data.figureRevision === figureRevision),
  );

describe("a practice's achievement", () => {
  it('comes whatever order page, service and participation arrive in', async () => {
    await aggregation.tell(pageOf('A90001', [100]));
    // Of another topic: known before the service comes, or the page would be what caused the figure.
    await eventually(async () => (await aggregation.database.query('SELECT 1 FROM page')).rows.length === 1);
    await aggregation.tell(published(aService()));
    expect(await revision('VAX', 'A90001', 1)).toMatchObject({
      type: 'achievement.not-applicable.v1',
      data: { code: 'NOT_PARTICIPATING', cause: { topic: 'quality-services', key: 'VAX', version: 1 } },
    });
    await aggregation.tell(participating('VAX', ['A90001', 'A90002']));
    expect(await revision('VAX', 'A90001', 2)).toMatchObject({
      type: 'achievement.calculated.v1',
      key: `VAX|${DATE}|A90001`,
      data: {
        pence: '100600',
        points: null,
        values: [{ indicatorCode: 'VAX001', measure: 'DOSES', value: '100' }],
        inputs: [
          { source: 'rule-pack', key: 'VAX', version: 1 },
          { source: 'participation', key: 'VAX|A90001', version: 1 },
          { source: 'page', key: `VAX|${DATE}|A90001`, version: 1 },
        ],
      },
    });
    // Nobody waits for a practice that has sent nothing.
    expect(aggregation.said('VAX', 'A90002')).toEqual([]);
  });

  it('is calculated when it is nil', async () => {
    await aggregation.tell(pageOf('A90002', [0]));
    expect(await revision('VAX', 'A90002', 1)).toMatchObject({
      type: 'achievement.calculated.v1',
      data: { pence: '0' },
    });
  });

  it('moves with an amended page, also when the result is the same', async () => {
    await aggregation.tell(
      pageOf('A90001', [101], { pageVersion: 2 }),
      pageOf('A90001', [101], { pageVersion: 3 }),
    );
    const said = await revision('VAX', 'A90001', 3);
    expect(said.data).toMatchObject({ pence: '101606', cause: { topic: 'submissions', key: 'A90001' } });
    await eventually(() => last('VAX', 'A90001')!.data.inputs[2].version === 3);
    expect(last('VAX', 'A90001')!.data.pence).toBe('101606');
  });

  it('says nothing about a page that it has seen already, nor about an older one', async () => {
    const before = aggregation.said('VAX', 'A90001').length;
    await aggregation.tell(
      pageOf('A90001', [999], { pageVersion: 2 }),
      pageOf('A90001', [101], { pageVersion: 3 }),
    );
    // Behind them in the same partition: when this one has come, those were read.
    await aggregation.tell(pageOf('A90001', [5], { achievementDate: '2026-06-30' }));
    await revision('VAX', 'A90001', 1, '2026-06-30');
    expect(aggregation.said('VAX', 'A90001')).toHaveLength(before);
  });

  it('has no value where a required one was not sent', async () => {
    await aggregation.tell(participating('VAX', ['A90003'], { version: 2 }), pageOf('A90003', [null]));
    await eventually(() => last('VAX', 'A90003')!.data.code === 'VALUE_MISSING');
  });

  it('ends with a participation that ended before the date, and stands for one that ended after it', async () => {
    await aggregation.tell(
      participating('VAX', ['A90002'], { version: 3, status: 'ended', to: '2026-08-15' }),
    );
    await eventually(() => last('VAX', 'A90002')!.data.inputs[1].version === 3);
    expect(last('VAX', 'A90002')!.type).toBe('achievement.calculated.v1');
    await aggregation.tell(participating('VAX', ['A90002'], { version: 4, status: 'ended', to: DATE }));
    await eventually(() => last('VAX', 'A90002')!.data.code === 'NOT_PARTICIPATING');
    await aggregation.tell(participating('VAX', ['A90002'], { version: 5, status: 'refused' }));
    await eventually(() => last('VAX', 'A90002')!.data.inputs[1].version === 5);
    expect(last('VAX', 'A90002')!.data.code).toBe('NOT_PARTICIPATING');
  });

  it('follows a newer rule pack, and reads pages of the older one by their field names', async () => {
    const fields = [
      { indicatorCode: 'VAX000', fieldName: 'NOTE', required: false },
      { indicatorCode: 'VAX001', fieldName: 'DOSES', required: true },
    ];
    const pack = aPack({
      version: 2,
      fields,
      calculation: {
        kind: 'item-of-service',
        items: [{ indicatorCode: 'VAX001', fieldName: 'DOSES', feePounds: '12.06' }],
      },
    });
    const before = last('VAX', 'A90001')!.data.figureRevision as number;
    await aggregation.tell(published(aService({ rulePack: pack }), 2));
    expect((await revision('VAX', 'A90001', before + 1)).data).toMatchObject({
      pence: '121806',
      inputs: [{ source: 'rule-pack', version: 2 }, {}, {}],
    });
  });
});

describe('a service that is published again', () => {
  it('says nothing where neither result nor inputs differ', async () => {
    const said = aggregation.said('VAX', 'A90001').length;
    const { rows } = await aggregation.database.query<{ rule_pack: RulePack }>(
      `SELECT rule_pack FROM quality_service WHERE service_code = 'VAX'`,
    );
    const service = aService({ rulePack: rows[0]!.rule_pack, endOn: '2027-04-01' });
    await aggregation.tell(
      published(service, 3),
      participating('VAX', ['A90004'], { version: 9 }),
      pageOf('A90004', [1]),
    );
    await eventually(
      () =>
        last('VAX', 'A90004')?.data.pence === '1206' || last('VAX', 'A90004')?.data.code === 'VALUE_MISSING',
    );
    await eventually(async () => {
      const known = await aggregation.database.query(`SELECT FROM quality_service WHERE service_version = 3`);
      return known.rowCount === 1;
    });
    expect(aggregation.said('VAX', 'A90001')).toHaveLength(said);
  });
});

describe("a PCN's achievement", () => {
  it('is made of the lists of its members as at the date', async () => {
    await aggregation.tell(
      membership('U90001', 1, [spell('A90001'), spell('A90002')]),
      membership('U90002', 1, [spell('A90003'), spell('A90004', '2026-08-01')]),
    );
    await eventually(async () => {
      const { rowCount } = await aggregation.database.query('SELECT FROM pcn_membership');
      return rowCount === 2;
    });
    await aggregation.tell(
      published(coreFunding({ dates: ['2026-07-31', '2026-08-31'] })),
      participating('CORE', ['U90001', 'U90002']),
    );
    // (10,000 + 20,000) × £1.50 ÷ 12
    expect((await revision('CORE', 'U90001', 1)).data).toMatchObject({
      pence: '375000',
      inputs: [
        { source: 'rule-pack', key: 'CORE', version: 1 },
        { source: 'participation', key: 'CORE|U90001', version: 1 },
        { source: 'pcn-membership', key: 'U90001', version: 1 },
        { source: 'list-size', key: 'A90001', version: 1 },
        { source: 'list-size', key: 'A90002', version: 1 },
      ],
    });
    expect((await revision('CORE', 'U90002', 1)).data.pence).toBe('375000');
    expect((await revision('CORE', 'U90002', 1, '2026-08-31')).data.pence).toBe('875000');
  });

  it('changes in both PCNs when a practice moves, and only at dates that the change touches', async () => {
    await aggregation.tell(
      membership('U90001', 2, [spell('A90001'), spell('A90002', '2020-01-01', '2026-08-10')], {
        practices: ['A90002'],
        from: '2026-08-10',
      }),
      membership(
        'U90002',
        2,
        [spell('A90003'), spell('A90004', '2026-08-01'), spell('A90002', '2026-08-10')],
        {
          practices: ['A90002'],
          from: '2026-08-10',
        },
      ),
    );
    expect((await revision('CORE', 'U90001', 2, '2026-08-31')).data).toMatchObject({
      pence: '125000',
      cause: { topic: 'pcn-memberships', key: 'U90001', version: 2 },
    });
    expect((await revision('CORE', 'U90002', 2, '2026-08-31')).data.pence).toBe('1125000');
    // 31 July lies before the change: it requires nothing, so nothing was said.
    expect(aggregation.said('CORE', 'U90001')).toHaveLength(1);
    expect(aggregation.said('CORE', 'U90002')).toHaveLength(1);
  });

  it('follows a list size from its date until the next one, and no other change of the practice', async () => {
    const state = (
      organisationVersion: number,
      listSizes: OrganisationState['listSizes'],
    ): OrganisationState => ({
      code: 'A90001',
      kind: 'practice',
      name: `Renamed ${organisationVersion}`,
      commissionerCode: 'QAA',
      ancestors: ['QAA', 'ENGLAND'],
      openOn: null,
      closeOn: null,
      payee: null,
      listSizes,
      organisationVersion,
    });
    const july = { listSizeOn: '2026-07-01', registeredPatients: 10_000 };
    await aggregation.tell(
      newEvent(OrganisationChangedV1, state(2, [july])),
      newEvent(
        OrganisationChangedV1,
        state(3, [july, { listSizeOn: '2026-08-01', registeredPatients: 11_000 }]),
      ),
    );
    expect((await revision('CORE', 'U90001', 3, '2026-08-31')).data).toMatchObject({
      pence: '137500',
      inputs: [{}, {}, {}, { source: 'list-size', key: 'A90001', version: 3 }],
    });
    expect(aggregation.said('CORE', 'U90001')).toHaveLength(1);
  });

  it('says who lacks a list', async () => {
    await aggregation.tell(
      membership('U90001', 3, [spell('A90001'), spell('A99999', '2026-08-20')], { from: '2026-08-20' }),
    );
    await eventually(() => last('CORE', 'U90001', '2026-08-31')!.data.code === 'LIST_SIZE_MISSING');
    const answer = await aggregation.get('icb', 'achievements/CORE/2026-08-31/U90001');
    expect(answer.body.figure.explanation.missing).toEqual(['A99999']);
    await aggregation.tell(
      membership('U90001', 4, [spell('A90001')], { from: '2026-08-20', practices: ['A99999'] }),
    );
    await eventually(() => last('CORE', 'U90001', '2026-08-31')!.data.pence === '137500');
  });

  it("adds its members' pages up, and waits for all of them", async () => {
    await aggregation.tell(
      published(aService({ serviceCode: 'PCNVAX', providerKind: 'pcn' })),
      participating('PCNVAX', ['U90002']),
    );
    await eventually(() => last('PCNVAX', 'U90002')!.data.code === 'PAGE_MISSING');
    // As at 31 July U90002 has A90003 alone; A90002 comes on 10 August.
    await aggregation.tell(
      pageOf('A90003', [7], { serviceCode: 'PCNVAX' }),
      pageOf('A90002', [5], { serviceCode: 'PCNVAX' }),
    );
    await eventually(() => last('PCNVAX', 'U90002')!.data.pence === '7042');
  });
});

describe("a practice's achievement that depends on membership", () => {
  it('names every PCN whose change touched it, also one that it has left', async () => {
    const pack = corePack();
    await aggregation.tell(
      published(aService({ serviceCode: 'PART', rulePack: pack })),
      participating('PART', ['A90004']),
    );
    expect((await revision('PART', 'A90004', 1)).data.inputs).toEqual([
      { source: 'rule-pack', key: 'PART', version: 1 },
      { source: 'participation', key: 'PART|A90004', version: 1 },
      { source: 'pcn-membership', key: 'U90002', version: 2 },
      { source: 'list-size', key: 'A90004', version: 1 },
    ]);
    await aggregation.tell(
      membership('U90002', 3, [spell('A90003'), spell('A90002', '2026-08-10')], {
        practices: ['A90004'],
        from: '2026-07-01',
      }),
      membership('U90001', 5, [spell('A90001'), spell('A90004', '2026-07-01')], {
        practices: ['A90004'],
        from: '2026-07-01',
      }),
    );
    await eventually(() => {
      const inputs = last('PART', 'A90004')!.data.inputs as { key: string; version: number }[];
      return (
        inputs.some((i) => i.key === 'U90001' && i.version === 5) &&
        inputs.some((i) => i.key === 'U90002' && i.version === 3)
      );
    });
  });
});

describe('an achievement can be looked up', () => {
  it('with what it was made from, every step, and every figure it ever had', async () => {
    const { body } = await aggregation.get('practice-one', `achievements/VAX/${DATE}/A90001`);
    expect(body).toMatchObject({
      state: 'calculated',
      pence: '121806',
      awaitingRevision: null,
      blockedCode: null,
      figure: {
        explanation: {
          rulePack: { financialYear: '2026/27', version: 2, note: null },
          participation: { status: 'accepted', from: '2026-04-01', to: null },
          pages: [
            { practiceCode: 'A90001', fileName: 'july.csv', firstLine: 2, lastLine: 5, pageVersion: 3 },
          ],
          steps: [
            { step: 'item', count: '101', feePounds: '12.06' },
            { step: 'money', pence: '121806' },
          ],
        },
      },
    });
    expect(body.history.map((one: { state: string }) => one.state)).toEqual([
      ...Array<string>(body.figureRevision - 1).fill('calculated'),
      'not-applicable',
    ]);
    const first = await aggregation.get('practice-one', `achievements/VAX/${DATE}/A90001?figureRevision=1`);
    expect(first.body.figure).toMatchObject({ figureRevision: 1, code: 'NOT_PARTICIPATING' });
  });

  it('by those of the organisation and above it alone', async () => {
    expect((await aggregation.get('practice-one', `achievements/VAX/${DATE}/A90002`)).body.code).toBe(
      'ACHIEVEMENT_UNKNOWN',
    );
    expect((await aggregation.get('nobody', `achievements/VAX/${DATE}/A90002`)).body.code).toBe(
      'ROLE_MISSING',
    );
    expect((await aggregation.get('icb', `achievements/VAX/${DATE}/A90002`)).status).toBe(200);
    const own = await aggregation.get('practice-one', 'achievements');
    expect(
      new Set(own.body.items.map((item: { organisationCode: string }) => item.organisationCode)),
    ).toEqual(new Set(['A90001']));
    expect((await aggregation.get('icb', `achievements/VAX/${DATE}/Z99999`)).body.code).toBe(
      'ACHIEVEMENT_UNKNOWN',
    );
    expect((await aggregation.get(OPERATOR, `achievements/VAX/${DATE}/Z99999`)).body.code).toBe(
      'ACHIEVEMENT_UNKNOWN',
    );
  });

  it('page by page', async () => {
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body } = await aggregation.get(
        'icb',
        `achievements?serviceCode=CORE&limit=2${cursor && `&cursor=${cursor}`}`,
      );
      seen.push(
        ...body.items.map(
          (item: { organisationCode: string; achievementDate: string }) =>
            `${item.achievementDate} ${item.organisationCode}`,
        ),
      );
      cursor = body.nextCursor as string | null;
    }
    expect(seen).toEqual([
      '2026-07-31 U90001',
      '2026-07-31 U90002',
      '2026-08-31 U90001',
      '2026-08-31 U90002',
    ]);
  });
});

describe('a whole-period recalculation', () => {
  const recalculate = async (person: string, body: object) =>
    aggregation.post(person, 'recalculations', body);

  it('publishes nothing where nothing differs, and repairs what does', async () => {
    const done = async (): Promise<{ examined: number; published: number }> => {
      const { body } = await recalculate(OPERATOR, { serviceCode: 'VAX', achievementDate: DATE });
      return eventually(async () => {
        const state = await aggregation.get(OPERATOR, `recalculations/${body.recalculationId}`);
        return state.body.state === 'done' && (state.body as { examined: number; published: number });
      });
    };
    expect(await done()).toMatchObject({ examined: 4, published: 0 });
    const before = last('VAX', 'A90001')!.data.figureRevision as number;
    await aggregation.database.query(
      `UPDATE achievement SET pence = 1, fingerprint = 'damaged' WHERE service_code = 'VAX' AND organisation_code = 'A90001'
       AND achievement_date = $1`,
      [DATE],
    );
    expect(await done()).toMatchObject({ examined: 4, published: 1 });
    expect((await revision('VAX', 'A90001', before + 1)).data.pence).toBe('121806');
  });

  it.each([
    ['a practice', 'practice-one', { serviceCode: 'VAX', achievementDate: DATE }, 403, 'ROLE_MISSING'],
    [
      'an ICB alone',
      'icb-commissioning',
      { serviceCode: 'VAX', achievementDate: DATE },
      403,
      'NOT_YOUR_ORGANISATION',
    ],
    ['an unknown service', OPERATOR, { serviceCode: 'NOSUCH', achievementDate: DATE }, 404, 'PERIOD_UNKNOWN'],
    [
      'an unknown date',
      OPERATOR,
      { serviceCode: 'VAX', achievementDate: '2020-01-31' },
      404,
      'PERIOD_UNKNOWN',
    ],
    ['no date', OPERATOR, { serviceCode: 'VAX' }, 400, 'REQUEST_FAULTY'],
  ])('is refused for %s', async (_name, person, body, status, code) => {
    expect((await recalculate(person, body)).body).toMatchObject({ status, code });
  });
});
