// What the specs of the checks are made of: a month of nothing, to which each adds what its rule is about.
import type { SealedFile, SealedLine } from '../src/evidence.js';
import { emptyHistory, type Declaration, type Figure, type History } from '../src/history.js';

export const aHistory = (changes: Partial<History> = {}): History => ({ ...emptyHistory(), ...changes });

/** £100.00 of a practice, paid. */
export const aDeclaration = (changes: Partial<Declaration> = {}): Declaration => ({
  declarationId: 'd',
  organisationCode: 'X1',
  serviceCode: 'XA',
  achievementDate: '2026-06-30',
  kind: 'achievement',
  status: 'PAID',
  revision: 1,
  declarationVersion: 1,
  figureRevision: 1,
  pence: '10000',
  declaredBy: 'provider',
  holds: [],
  awaitingAggregation: false,
  ...changes,
});

export const aFigure = (figureRevision: number, pence: string, changes: Partial<Figure> = {}): Figure => ({
  figureRevision,
  pence,
  points: null,
  values: [],
  inputs: [],
  ...changes,
});

export const aLine = (changes: Partial<SealedLine> = {}): SealedLine => ({
  line_number: '1',
  declaration_id: 'd',
  declaration_version: '1',
  attempt: '1',
  provider_code: 'X1',
  payee_code: 'X1',
  account_reference: 'AC-X1',
  service_code: 'XA',
  achievement_date: '2026-06-30',
  amount_pence: '10000',
  reference: 'XA 2026-06-30',
  ...changes,
});

/** A file with the control totals of its lines, unless told otherwise. */
export const aFile = (
  lines: readonly SealedLine[],
  totals: { lines?: number; totalPence?: string } = {},
): SealedFile => ({
  manifest: {
    fileName: 'R001.csv',
    runId: 'run',
    paymentPeriod: '2026-06',
    agencyCode: 'PCSE',
    lines: lines.length,
    totalPence: lines.reduce((sum, one) => sum + BigInt(one.amount_pence), 0n).toString(),
    sha256: 'of its bytes',
    payOn: '2026-08-20',
    ...totals,
  },
  sha256: 'of its bytes',
  lines,
});

export const aPaidLine = (declarationId: string, pence: string) => ({ declarationId, pence, runId: 'run' });
