import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  eventually,
  PUBLISHED_DATA,
  startServiceUnderTest,
  unlessSkipped,
  WITHOUT_DATA,
  type Answer,
  type ServiceUnderTest,
} from '@attest/testing';
import { organisations } from '../src/index.js';
import { WINTER_2026 } from './clock.js';
import { directoryFollowed } from './directory.js';

const OPERATOR = 'first-operator';
const SECOND = 'second-operator';
const published = unlessSkipped(describe, WITHOUT_DATA);

/** The published files; run with ATTEST_DATA naming their folder. */
published('England as published', () => {
  let service: ServiceUnderTest;
  const receipts: Record<string, Answer['body']> = {};
  const confirmed: Record<string, Answer> = {};
  const FILES = [
    ['practices', '2025-04-23', 'practices.csv.gz'],
    ['pcns', '2024-10-01', 'pcn.csv.gz'],
    ['pcn-memberships', '2024-10-01', 'pcn_membership.csv.gz'],
    ['practice-pcn-icb', '2026-07-01', 'practice_pcn_icb_2026-07.csv.gz'],
  ] as const;

  const send = (layout: string, asAt: string, file: string): Promise<Answer> =>
    service.post(
      OPERATOR,
      `organisation-files?layout=${layout}&asAt=${asAt}&fileName=${file}`,
      readFileSync(join(PUBLISHED_DATA!, file)),
      { 'content-type': 'application/gzip' },
    );
  const count = async (sql: string): Promise<number> =>
    Number((await service.database.query<{ n: string }>(sql)).rows[0]!.n);

  beforeAll(async () => {
    service = await startServiceUnderTest(organisations, { BOOTSTRAP_OPERATOR_ID: OPERATOR }, WINTER_2026);
    await service.post(OPERATOR, 'role-assignments', {
      personId: SECOND,
      role: 'NATIONAL_OPERATOR',
      organisationCode: 'ENGLAND',
      from: '2020-01-01',
    });
    await directoryFollowed(service);
    for (const [layout, asAt, file] of FILES) {
      const started = performance.now();
      const answer = await send(layout, asAt, file);
      receipts[layout] = answer.body;
      if (answer.body.status === 'AWAITING_CONFIRMATION')
        confirmed[layout] = await service.post(SECOND, `organisation-files/${answer.body.fileId}/confirm`);
      if (process.env['ATTEST_SHOW'])
        console.log(layout, Math.ceil(performance.now() - started), 'ms', answer.body);
    }
  }, 300_000);
  afterAll(() => service.close());

  it('takes every row of every file', () => {
    expect(FILES.map(([layout]) => [layout, receipts[layout].rows, receipts[layout].rejected])).toEqual([
      ['practices', 16_534, 0],
      ['pcns', 1_366, 0],
      ['pcn-memberships', 7_705, 0],
      ['practice-pcn-icb', 6_139, 0],
    ]);
  });

  it('asks a second person for the list of July 2026 alone, which moves or expels 253 practices', () => {
    expect(Object.keys(confirmed)).toEqual(['practice-pcn-icb']);
    expect(receipts['practice-pcn-icb'].effect).toMatchObject({ 'left-pcn': 134, 'moved-pcn': 119 });
    expect(confirmed['practice-pcn-icb']!.status).toBe(200);
  });

  it('counts the spells that overlap, and where the vintages disagree', () => {
    expect(receipts['pcn-memberships'].notes).toMatchObject({ overlappingSpells: 7, spellsSharingADay: 4 });
    expect(confirmed['practice-pcn-icb']!.body.notes).toMatchObject({
      inTheSamePcn: 5_960,
      inAnotherPcn: 126,
      notKnownBefore: 53,
      noLongerNamed: 138,
      unallocated: 52,
    });
  });

  it('knows 6,139 practices with 63,436,508 patients, 36 ICBs and 1,298 PCNs as at July 2026', async () => {
    const listed = await service.database.query<{ practices: string; patients: string }>(`
      SELECT count(*) AS practices, sum((size->>'registeredPatients')::bigint) AS patients
      FROM organisation, jsonb_array_elements(list_sizes) AS size
      WHERE kind = 'practice' AND size->>'listSizeOn' = '2026-07-01'`);
    expect(listed.rows[0]).toEqual({ practices: '6139', patients: '63436508' });
    expect(
      await count(`SELECT count(*) AS n FROM organisation WHERE kind = 'commissioner' AND close_on IS NULL`),
    ).toBe(36);
    expect(
      await count(`SELECT count(DISTINCT pcn_code) AS n FROM membership_spell
                   WHERE from_on <= '2026-07-01' AND (to_on IS NULL OR to_on > '2026-07-01')`),
    ).toBe(1_298);
    expect(await count(`SELECT count(*) AS n FROM organisation WHERE kind = 'pcn'`)).toBe(1_391);
  });

  it('has every practice of July 2026 in the PCN and under the ICB that the file names', async () => {
    const rows = await count(`
      SELECT count(*) AS n FROM membership_snapshot s
      JOIN practice_record r ON r.practice_code = s.practice_code AND r.source = 'practice-pcn-icb'
      JOIN organisation o ON o.code = s.practice_code AND o.commissioner_code = r.icb_code AND o.close_on IS NULL
      LEFT JOIN membership_spell m ON m.practice_code = s.practice_code AND m.from_on <= s.as_at AND (m.to_on IS NULL OR m.to_on > s.as_at)
      WHERE m.pcn_code IS NOT DISTINCT FROM s.pcn_code`);
    expect(rows).toBe(6_139);
  });

  it('has nobody in two PCNs on one day', async () => {
    expect(
      await count(`SELECT count(*) AS n FROM membership_spell a JOIN membership_spell b
                   ON a.practice_code = b.practice_code AND (a.pcn_code, a.from_on) < (b.pcn_code, b.from_on)
                   AND daterange(a.from_on, a.to_on) && daterange(b.from_on, b.to_on)`),
    ).toBe(0);
  });

  it('has every ancestor it names, up to England', async () => {
    expect(
      await count(`SELECT count(*) AS n FROM organisation o, unnest(o.ancestors) AS above
                   WHERE NOT EXISTS (SELECT 1 FROM organisation a WHERE a.code = above)`),
    ).toBe(0);
    expect(
      await count(
        `SELECT count(*) AS n FROM organisation WHERE code <> 'ENGLAND' AND ancestors[cardinality(ancestors)] <> 'ENGLAND'`,
      ),
    ).toBe(0);
  });

  it('has published exactly what it holds', async () => {
    await eventually(async () => (await count(`SELECT count(*) AS n FROM outbox`)) === 0, {
      withinMs: 30_000,
    });
    const directory = (): Promise<number> =>
      count(`SELECT count(*) AS n FROM organisation o JOIN directory_organisation d USING (code)
             WHERE d.version = o.version AND d.ancestors = o.ancestors AND d.commissioner_code IS NOT DISTINCT FROM o.commissioner_code`);
    const all = await count(`SELECT count(*) AS n FROM organisation`);
    await eventually(async () => (await directory()) === all, { withinMs: 30_000 });
  });

  it('changes nothing when the same files come again, in any order', async () => {
    const versions = (): Promise<number> =>
      count(
        `SELECT (SELECT sum(version) FROM organisation) + (SELECT sum(version) FROM pcn_membership) AS n`,
      );
    const before = await versions();
    for (const [layout, asAt, file] of [...FILES].reverse())
      expect((await send(layout, asAt, file)).body).toMatchObject({ repeated: true, changed: 0 });
    expect(await versions()).toBe(before);
  });
});
