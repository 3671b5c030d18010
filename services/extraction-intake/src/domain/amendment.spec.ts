import { describe, expect, it } from '@jest/globals';
import {
  AMENDMENT_STATE_LABELS,
  AMENDMENT_STATES,
  AMENDMENT_TRANSITIONS,
  amendmentTransition,
  refuseOwnDecision,
  type AmendmentState,
  type AmendmentStep,
} from './amendment.js';
import { checkDate, checkPractice, type Participation } from './amendment-window.js';

const STEPS: readonly AmendmentStep[] = ['accept', 'refuse', 'withdraw', 'supersede'];
const pairs = AMENDMENT_STATES.flatMap((from) => STEPS.map((on) => [from, on] as const));

describe('what becomes of a request', () => {
  it.each(pairs)('%s, %s: as the table says, refused otherwise', (from, on) => {
    const row = AMENDMENT_TRANSITIONS.find((t) => t.from === from && t.on === on);
    if (row) expect(amendmentTransition(from, on)).toBe(row);
    else
      expect(() => amendmentTransition(from, on)).toThrow(
        expect.objectContaining({
          code: from === 'superseded' ? 'PAGE_CHANGED_SINCE' : 'AMENDMENT_ALREADY_DECIDED',
          status: 409,
        }),
      );
  });

  it('repeats no pair, reaches every state and has words for each', () => {
    expect(new Set(AMENDMENT_TRANSITIONS.map((t) => `${t.from} ${t.on}`)).size).toBe(
      AMENDMENT_TRANSITIONS.length,
    );
    const reached = new Set<AmendmentState>(['requested', ...AMENDMENT_TRANSITIONS.map((t) => t.to)]);
    expect([...reached].sort()).toEqual([...AMENDMENT_STATES].sort());
    expect(Object.keys(AMENDMENT_STATE_LABELS).sort()).toEqual([...AMENDMENT_STATES].sort());
  });

  it('is not decided by whoever asked', () => {
    expect(() => refuseOwnDecision('p1', 'p1')).toThrow(expect.objectContaining({ code: 'SAME_PERSON' }));
    expect(() => refuseOwnDecision('p1', 'p2')).not.toThrow();
  });
});

describe('when and for whom values may be amended', () => {
  const service = {
    startOn: '2024-10-01',
    endOn: '2027-04-01',
    providerKind: 'practice',
    oldestOpenFinancialYear: '2025/26',
  } as const;

  it.each([
    ['the first day of the oldest open year', '2025-04-01', null],
    ['the last day before it', '2025-03-31', 'YEAR_CLOSED'],
    ['the last day of the service', '2027-03-31', null],
    ['the day after it', '2027-04-01', 'DATE_OUTSIDE_SERVICE'],
    ['a day before the service', '2024-09-30', 'DATE_OUTSIDE_SERVICE'],
  ])('%s', (_, date, code) => {
    const check = () => checkDate(service, date);
    if (code === null) expect(check).not.toThrow();
    else expect(check).toThrow(expect.objectContaining({ code }));
  });

  const practice = { kind: 'practice', commissionerCode: 'QAA' };
  const accepted: Participation = { status: 'accepted', fromOn: '2026-04-01', toOn: null };
  it.each<[string, typeof practice | undefined, Participation | undefined, string | null]>([
    ['an unknown organisation', undefined, accepted, 'PRACTICE_UNKNOWN'],
    ['a PCN', { ...practice, kind: 'pcn' }, accepted, 'ORGANISATION_NOT_A_PRACTICE'],
    ['no participation', practice, undefined, 'NOT_PARTICIPATING'],
    ['one that was offered', practice, { ...accepted, status: 'offered' }, 'NOT_PARTICIPATING'],
    ['one that was refused', practice, { ...accepted, status: 'refused' }, 'NOT_PARTICIPATING'],
    ['one that begins later', practice, { ...accepted, fromOn: '2026-08-01' }, 'NOT_PARTICIPATING'],
    [
      'one that had ended',
      practice,
      { ...accepted, status: 'ended', toOn: '2026-07-31' },
      'NOT_PARTICIPATING',
    ],
    ['one that ended later', practice, { ...accepted, status: 'ended', toOn: '2026-08-01' }, null],
    ['one that covers the date', practice, accepted, null],
  ])('a practice with %s', (_, known, participation, code) => {
    const check = () => checkPractice(service, known, participation, '2026-07-31');
    if (code === null) expect(check).not.toThrow();
    else expect(check).toThrow(expect.objectContaining({ code }));
  });

  it('asks no participation of a practice where its network takes part', () => {
    expect(() =>
      checkPractice({ ...service, providerKind: 'pcn' }, practice, undefined, '2026-07-31'),
    ).not.toThrow();
  });
});
