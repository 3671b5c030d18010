import { describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Facts } from '../src/domain/facts.js';
import type { KnownService } from '../src/domain/service.js';
import { SlicedFigureWorker } from '../src/worker/sliced-figure-worker.js';
import { ThreadedFigureWorker } from '../src/worker/threaded-figure-worker.js';
import { aPack } from './aggregation-under-test.js';

/** A thread runs compiled code; `npm test` compiles before it runs. */
const ENTRY = join(import.meta.dirname, '..', 'dist', 'worker', 'figure-thread.js');

const service: KnownService = {
  serviceCode: 'VAX',
  providerKind: 'pcn',
  startOn: '2026-04-01',
  endOn: null,
  rulePack: aPack({
    fields: [
      { indicatorCode: 'VAX001', fieldName: 'DOSES', required: true },
      { indicatorCode: 'VAX001', fieldName: 'NOTE', required: false },
    ],
  }),
  needsPage: true,
  needsMembership: true,
  needsListSize: false,
  fieldsOfVersion: new Map(),
};
const page = (doses: bigint) => ({
  pageVersion: 1,
  rulePackVersion: 1,
  values: [doses, null],
  fileId: 'f',
  fileName: 'f.csv',
  fileSha256: 'a',
  firstLine: 2,
  lastLine: 3,
  submittedAt: '2026-08-05T18:36:07.000Z',
});
const identities = Array.from({ length: 1_234 }, (_, i) => ({
  serviceCode: 'VAX',
  achievementDate: '2026-07-31',
  organisationCode: `U9${i}`,
}));
const facts: Facts[] = identities.map((_, i) => ({
  participation: { status: 'accepted', fromOn: '2026-04-01', toOn: null, version: 1 },
  page: null,
  listSize: null,
  members: Array.from({ length: i % 4 }, (_member, m) => ({
    practiceCode: `A9${m}`,
    page: m === 2 && i % 8 === 3 ? null : page(BigInt(i * 10 + m)),
    listSize: null,
  })),
  memberships: [{ pcnCode: `U9${i}`, version: 1 }],
}));

describe('figures made in a thread', () => {
  it('are those made without one, and known ones are left out', async () => {
    const nothingKnown = identities.map(() => null);
    const expected = await new SlicedFigureWorker().make(service, identities, facts, nothingKnown);
    const threaded = new ThreadedFigureWorker(pathToFileURL(ENTRY), 0);
    const made = await threaded.make(service, identities, facts, nothingKnown);
    expect(made).toEqual(expected);
    expect(made.map((one) => one.figure.state)).toContain('calculated');
    const known = expected.map((one, i) => (i === 700 ? 'other' : one.written.fingerprint));
    expect((await threaded.make(service, identities, facts, known)).map((one) => one.place)).toEqual([700]);
  });
});
