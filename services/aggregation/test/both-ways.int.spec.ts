import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newEvent, OrganisationChangedV1, type NewEvent } from '@attest/contracts';
import { eventually } from '@attest/testing';
import {
  aPack,
  aService,
  coreFunding,
  corePack,
  membership,
  pageOf,
  participating,
  published,
  startAggregation,
  type AggregationUnderTest,
} from './aggregation-under-test.js';
import { ORACLE } from './oracle.sql.js';

const SEED = 20260731;
const DATES = ['2026-06-30', '2026-07-31', '2026-08-31'];
const PRACTICES = Array.from({ length: 24 }, (_, i) => `A9${String(1000 + i)}`);
const PCNS = Array.from({ length: 5 }, (_, i) => `U9${String(1000 + i)}`);
const SERVICES = ['VAX', 'QOF', 'CORE', 'PCNVAX', 'PART'] as const;

/** Numbers that are the same in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (((state >>> 0) / 2 ** 32) * below) | 0;
  };
}

const qofPack = (version: number, poundsPerPoint: string) =>
  aPack({
    version,
    fields: [
      { indicatorCode: 'AST001', fieldName: 'REGISTER', required: true },
      { indicatorCode: 'AST002', fieldName: 'NUMERATOR', required: true },
      { indicatorCode: 'AST002', fieldName: 'DENOMINATOR', required: true },
    ],
    calculation: {
      kind: 'sliding-points',
      poundsPerPoint,
      moneyFrom: 'rounded-points',
      indicators: [
        { kind: 'register', indicatorCode: 'AST001', points: '4', registerField: 'REGISTER' },
        {
          kind: 'fraction',
          indicatorCode: 'AST002',
          points: '15',
          lowerPct: '45',
          upperPct: '80',
          numeratorField: 'NUMERATOR',
          denominatorField: 'DENOMINATOR',
        },
      ],
    },
  });

/** A made-up half year: everything that can change does, again and again. */
function history(): {
  events: unknown[];
  versions: Readonly<Record<'pages' | 'memberships' | 'participations' | 'services' | 'patients', number>>;
} {
  const below = numbers(SEED);
  const pick = <T>(of: readonly T[]): T => of[below(of.length)]!;
  const pageVersions = new Map<string, number>();
  const participationVersions = new Map<string, number>();
  const participationsVersions = new Map<string, number>();
  const organisationVersions = new Map<string, number>();
  const lists = new Map<string, { listSizeOn: string; registeredPatients: number }[]>();
  const membershipVersions = new Map<string, number>();
  const spells = new Map(
    PCNS.map((pcn) => [pcn, [] as { practiceCode: string; from: string; to: string | null }[]]),
  );
  const next = (versions: Map<string, number>, key: string): number => {
    versions.set(key, (versions.get(key) ?? 0) + 1);
    return versions.get(key)!;
  };

  const page = () => {
    const serviceCode = pick(['VAX', 'QOF', 'PCNVAX'] as const);
    const achievementDate = pick(DATES);
    const practice = pick(PRACTICES);
    const denominator = below(40);
    const values =
      serviceCode === 'QOF'
        ? [below(3) * 50, below(denominator + 1), denominator]
        : [below(2) === 0 ? 0 : below(900)];
    const pageVersion = next(pageVersions, `${serviceCode}|${achievementDate}|${practice}`);
    return pageOf(practice, values, { serviceCode, achievementDate, pageVersion });
  };
  const participation = () => {
    const serviceCode = pick(SERVICES);
    const provider = pick(serviceCode === 'CORE' || serviceCode === 'PCNVAX' ? PCNS : PRACTICES);
    participationVersions.set(`${serviceCode}|${provider}`, next(participationsVersions, serviceCode));
    const status = pick(['accepted', 'accepted', 'accepted', 'ended', 'refused'] as const);
    return participating(serviceCode, [provider], {
      status,
      from: pick(['2026-04-01', '2026-04-01', '2026-07-15']),
      to: status === 'ended' || below(4) === 0 ? pick(['2026-07-31', '2026-08-15', '2027-04-01']) : null,
      version: participationsVersions.get(serviceCode)!,
    });
  };
  const listSize = () => {
    const code = pick(PRACTICES);
    const listSizeOn = pick(['2026-01-01', '2026-06-01', '2026-07-31', '2026-08-10']);
    const known = (lists.get(code) ?? []).filter((size) => size.listSizeOn !== listSizeOn);
    lists.set(code, [...known, { listSizeOn, registeredPatients: below(30_000) }]);
    return newEvent(OrganisationChangedV1, {
      code,
      kind: 'practice',
      name: code,
      commissionerCode: null,
      ancestors: ['ENGLAND'],
      openOn: null,
      closeOn: null,
      payee: null,
      listSizes: lists.get(code)!,
      organisationVersion: next(organisationVersions, code),
    });
  };
  const move = () => {
    const practiceCode = pick(PRACTICES);
    const on = pick(['2026-05-01', '2026-07-01', '2026-07-31', '2026-08-20']);
    const joins = pick(PCNS);
    const events: unknown[] = [];
    for (const pcn of PCNS) {
      const before = spells.get(pcn)!;
      const after = before
        .map((s) => (s.practiceCode === practiceCode && (s.to === null || s.to > on) ? { ...s, to: on } : s))
        .filter((s) => s.to === null || s.from < s.to);
      if (pcn === joins) after.push({ practiceCode, from: on, to: null });
      if (JSON.stringify(before) === JSON.stringify(after)) continue;
      spells.set(pcn, after);
      events.push(
        membership(pcn, next(membershipVersions, pcn), after, { practices: [practiceCode], from: on }),
      );
    }
    return events;
  };

  const services = [
    aService({ dates: DATES }),
    aService({ serviceCode: 'QOF', dates: DATES, rulePack: qofPack(1, '156.92') }),
    coreFunding({ dates: DATES }),
    aService({ serviceCode: 'PCNVAX', providerKind: 'pcn', dates: DATES }),
    aService({ serviceCode: 'PART', dates: DATES, rulePack: corePack() }),
  ];
  const events: unknown[] = [];
  for (let i = 0; i < 500; i++) {
    if (i === 100) events.push(...services.map((service) => published(service)));
    if (i === 400)
      events.push(
        published(aService({ serviceCode: 'QOF', dates: DATES, rulePack: qofPack(2, '225.49') }), 2),
      );
    const made = [page, page, page, page, participation, participation, listSize, move][below(8)]!();
    events.push(...(Array.isArray(made) ? (made as unknown[]) : [made]));
  }
  const sum = (versions: Map<string, number>): number => [...versions.values()].reduce((a, b) => a + b, 0);
  return {
    events,
    versions: {
      pages: sum(pageVersions),
      memberships: sum(membershipVersions),
      participations: sum(participationVersions),
      // Versions: the first of each, of one its second.
      services: services.length + 1,
      patients: [...lists.values()]
        .flat()
        .reduce((all, { registeredPatients }) => all + registeredPatients, 0),
    },
  };
}

describe.each([
  ['as each input arrives', {}],
  ['after it, period by period', { INLINE_ACHIEVEMENTS_MOST: '0' }],
])('figures made %s', (_name, settings: Record<string, string>) => {
  let aggregation: AggregationUnderTest;
  const { events, versions } = history();

  beforeAll(async () => {
    aggregation = await startAggregation(settings);
    // Within a topic in their order; between topics in any.
    const byTopic = new Map<string, unknown[]>();
    for (const event of events) {
      const { topic } = (event as NewEvent).definition;
      byTopic.set(topic, [...(byTopic.get(topic) ?? []), event]);
    }
    await Promise.all([...byTopic.values()].map((ofTopic) => aggregation.tell(...ofTopic)));
    await eventually(
      async () => {
        const { rows } = await aggregation.database.query(
          `SELECT (SELECT sum(page_version)::int FROM page) AS pages,
                  (SELECT sum(membership_version)::int FROM pcn_membership) AS memberships,
                  (SELECT sum(participation_version)::int FROM participation) AS participations,
                  (SELECT sum(service_version)::int FROM quality_service) AS services,
                  (SELECT sum(registered_patients)::int FROM list_size) AS patients,
                  (SELECT count(*)::int FROM recalculation WHERE state = 'queued') AS queued`,
        );
        expect(rows).toEqual([{ ...versions, queued: 0 }]);
        return true;
      },
      { withinMs: 50_000 },
    );
  });
  afterAll(() => aggregation.close());

  it('equal plain SQL over the same inputs', async () => {
    const { rows } = await aggregation.database.query<{ pence: string | null; state: string }>(ORACLE);
    expect(rows.filter((row) => row.pence !== null).length).toBeGreaterThan(20);
    expect(rows.filter((row) => row.pence === null).length).toBeGreaterThan(5);
    const { rows: made } = await aggregation.database.query(
      `SELECT service_code, achievement_date::text, organisation_code, state, pence::text FROM achievement ORDER BY 1, 2, 3`,
    );
    expect(made).toEqual(rows);
  });

  it('leave no marker open', async () => {
    const { rows } = await aggregation.database.query(
      'SELECT FROM achievement WHERE awaiting_revision IS NOT NULL OR blocked_revision IS NOT NULL OR figure_revision = 0',
    );
    expect(rows).toEqual([]);
  });

  it('were all published, each revision once and in order, and every marker was closed', async () => {
    const { rows } = await aggregation.database.query<{
      key: string;
      revision: number;
      pence: string | null;
    }>(
      `SELECT concat_ws('|', service_code, achievement_date, organisation_code) AS key, figure_revision::int AS revision,
              pence::text FROM achievement`,
    );
    const figures = () => aggregation.seen.filter((event) => !/awaiting|blocked/.test(event.type));
    await eventually(() => figures().length === rows.reduce((sum, row) => sum + row.revision, 0));
    for (const { key, revision, pence } of rows) {
      const said = figures().filter((event) => event.key === key);
      expect(said.map((event) => event.data.figureRevision)).toEqual(
        Array.from({ length: revision }, (_, i) => i + 1),
      );
      expect(said.at(-1)!.data.pence ?? null).toBe(pence);
      const markers = aggregation.seen.filter((event) => event.key === key && /awaiting/.test(event.type));
      expect(markers.every((marker) => marker.data.closesAtRevision <= revision)).toBe(true);
    }
  });

  it('come out the same from a whole-period recalculation, and a second one finds nothing', async () => {
    const before = await results();
    await recalculateEverything();
    expect(await results()).toEqual(before);
    // The first may have named newer versions of inputs that changed nothing at the date.
    expect(await recalculateEverything()).toBe(0);
  });

  const results = async (): Promise<unknown[]> => {
    const { rows } = await aggregation.database.query(
      'SELECT service_code, achievement_date, organisation_code, state, code, pence FROM achievement ORDER BY 1, 2, 3',
    );
    return rows as unknown[];
  };
  const recalculateEverything = async (): Promise<number> => {
    await aggregation.database.query(`DELETE FROM recalculation WHERE state = 'done'`);
    await aggregation.database.query(
      `INSERT INTO recalculation (recalculation_id, service_code, achievement_date, requested_at)
       SELECT gen_random_uuid(), service_code, d, now() FROM quality_service, unnest(achievement_dates) d`,
    );
    const done = await eventually(
      async () => {
        const { rows } = await aggregation.database.query<{ queued: number; published: number }>(
          `SELECT count(*) FILTER (WHERE state = 'queued')::int AS queued, sum(published)::int AS published FROM recalculation`,
        );
        return rows[0]!.queued === 0 && rows[0]!;
      },
      { withinMs: 30_000 },
    );
    return done.published;
  };
});
