import { describe, expect, it } from '@jest/globals';
import { decidePage, leaveWhatStood, type CurrentPage, type IncomingPage } from './page-decision.js';
import { asShownInLondon, SubmissionLimit, SubmissionTimes } from './submission-time.js';

const at = (time: string): Date => new Date(`2026-08-05T${time}:00Z`);
const current: CurrentPage = {
  pageVersion: 4,
  rulePackVersion: 1,
  values: [5n, null],
  submittedAt: at('12:00'),
};
/** The supplier had said 4; an accepted amendment made it 5. */
const fields = ['DOSES', 'NOTE'].map((fieldName) => ({ indicatorCode: 'VAX001', fieldName }));
const amended: CurrentPage = { ...current, beforeAmendment: { fields, values: [4n, null] } };
const incoming: IncomingPage = { fields, rulePackVersion: 1, values: [5, null], submittedAt: at('12:00') };
const unread = (place: number) => ({ place, code: 'VALUE_NOT_A_NUMBER', line: 3, doubtful: false }) as const;

describe('a page that arrives', () => {
  it.each<[string, CurrentPage | undefined, Partial<IncomingPage>, string]>([
    ['is received when there is none', undefined, {}, 'received'],
    ['changes nothing when it says the same', current, { submittedAt: at('13:00') }, 'unchanged'],
    [
      'amends when it is newer and differs',
      current,
      { submittedAt: at('13:00'), values: [6, null] },
      'amended',
    ],
    ['amends when it is as old and differs', current, { values: [6, null] }, 'amended'],
    [
      'amends where 0 takes the place of nothing',
      current,
      { submittedAt: at('13:00'), values: [5, 0] },
      'amended',
    ],
    [
      'amends where nothing takes the place of a value',
      current,
      { submittedAt: at('13:00'), values: [null, null] },
      'amended',
    ],
    [
      'is superseded when it is older',
      current,
      { submittedAt: at('11:59'), values: [6, null] },
      'superseded',
    ],
    [
      'is superseded when it is older, also with the same values',
      current,
      { submittedAt: at('11:59') },
      'superseded',
    ],
    [
      'leaves an amendment standing when it says once more what was amended',
      amended,
      { submittedAt: at('13:00'), values: [4, null] },
      'amendment-stands',
    ],
    [
      'amends an amended page when it says something else',
      amended,
      { submittedAt: at('13:00'), values: [6, null] },
      'amended',
    ],
    ['changes nothing when it says what was amended', amended, { submittedAt: at('13:00') }, 'unchanged'],
    [
      'is superseded when it is older than an amendment',
      amended,
      { submittedAt: at('11:59'), values: [4, null] },
      'superseded',
    ],
    [
      'leaves an amendment standing also when another rule pack orders the same values',
      amended,
      {
        submittedAt: at('13:00'),
        rulePackVersion: 2,
        fields: [fields[1]!, fields[0]!],
        values: [null, 4],
      },
      'amendment-stands',
    ],
    [
      'amends an amended page when another rule pack asks for more',
      amended,
      {
        submittedAt: at('13:00'),
        rulePackVersion: 2,
        fields: [...fields, { indicatorCode: 'VAX002', fieldName: 'DOSES' }],
        values: [4, null, 1],
      },
      'amended',
    ],
    [
      'amends when another rule pack orders it',
      current,
      { submittedAt: at('13:00'), rulePackVersion: 2 },
      'amended',
    ],
    [
      'changes nothing where what differs could not be read',
      current,
      { submittedAt: at('13:00'), values: [null, null], unread: [unread(0)] },
      'unchanged',
    ],
    [
      'amends by what could be read',
      { ...current, values: [5n, 7n] },
      { submittedAt: at('13:00'), values: [6, null], unread: [unread(1)] },
      'amended',
    ],
    [
      'leaves an amendment standing when what it can read was amended',
      { ...amended, values: [5n, 8n], beforeAmendment: { fields, values: [4n, 8n] } },
      { submittedAt: at('13:00'), values: [4, null], unread: [unread(1)] },
      'amendment-stands',
    ],
    [
      'changes nothing where an amended value could not be read',
      amended,
      { submittedAt: at('13:00'), values: [null, null], unread: [unread(0)] },
      'unchanged',
    ],
  ])('%s', (_name, known, over, decision) => {
    expect(decidePage(known, { ...incoming, ...over })).toBe(decision);
  });
});

describe('what could not be read', () => {
  it('is what stood before, by its name, also when another rule pack orders it', () => {
    const known = { ...current, fields, values: [5n, 7n] };
    const page = {
      ...incoming,
      rulePackVersion: 2,
      fields: [fields[1]!, fields[0]!],
      values: [null, 6],
      unread: [unread(0)],
    };
    expect(leaveWhatStood(page, known)).toEqual({
      values: [7, 6],
      left: [{ ...fields[1], code: 'VALUE_NOT_A_NUMBER', line: 3, fromPageVersion: 4 }],
    });
  });

  it('is told where nothing stood, unless the row may have been about something else', () => {
    const page = { ...incoming, values: [5, null], unread: [unread(1)] };
    expect(leaveWhatStood(page, current).left).toMatchObject([{ fromPageVersion: null }]);
    const doubtful = { ...page, unread: [{ ...unread(1), doubtful: true }] };
    expect(leaveWhatStood(doubtful, current)).toEqual({ values: [5, null], left: [] });
  });
});

describe('a time of submission is London time', () => {
  it.each([
    ['in summer', 20260805193607, '2026-08-05T18:36:07.000Z'],
    ['in winter', 20261105193607, '2026-11-05T19:36:07.000Z'],
    ['an hour before summer time', 20260329005959, '2026-03-29T00:59:59.000Z'],
    ['the hour that is skipped', 20260329013000, '2026-03-29T01:30:00.000Z'],
    ['the hour that comes twice: the first', 20261025013000, '2026-10-25T00:30:00.000Z'],
    ['after it', 20261025020000, '2026-10-25T02:00:00.000Z'],
  ])('%s', (_name, submitted, instant) => {
    expect(new SubmissionTimes().instant(submitted).toISOString()).toBe(instant);
  });
});

describe('times of submission order as their moments do', () => {
  const moment = (written: number) => new SubmissionTimes().instant(asShownInLondon(written)).getTime();

  it.each([
    ['in March, when no clock shows them', [20260329005959, 20260329013000, 20260329020000, 20260329030000]],
    [
      'in October, when clocks show them twice',
      [20261025005959, 20261025013000, 20261025015959, 20261025020000],
    ],
  ])('%s', (_name, written) => {
    const shown = written.map(asShownInLondon);
    expect([...written].sort((a, b) => asShownInLondon(a) - asShownInLondon(b))).toEqual(
      [...written].sort((a, b) => moment(a) - moment(b)),
    );
    expect(new Set(shown).size).toBe(written.length);
  });

  it('half past one, written twice on the night of 25 October, is one moment: the first', () => {
    expect(moment(20261025013000)).toBe(Date.parse('2026-10-25T00:30:00Z'));
  });
});

describe('a submission may lie an hour after the receipt, and no more', () => {
  it.each([
    ['an hour later, in summer', '2026-08-15T09:00:00Z', 20260815110000, false],
    ['a second more', '2026-08-15T09:00:00Z', 20260815110001, true],
    ['an hour later, in winter', '2026-12-15T09:00:00Z', 20261215100000, false],
    ['the year mistyped', '2026-08-15T09:00:00Z', 20620802090000, true],
    ['half past one, received in the first of both hours', '2026-10-25T00:00:00Z', 20261025015900, false],
    ['half past one, received in the second', '2026-10-25T01:00:00Z', 20261025015900, false],
    ['after both hours, received in the first', '2026-10-25T00:20:00Z', 20261025020000, true],
    ['across the skipped hour', '2026-03-29T00:30:00Z', 20260329023000, false],
    ['across the skipped hour, and a second more', '2026-03-29T00:30:00Z', 20260329023001, true],
  ])('%s', (_name, receivedAt, written, ahead) => {
    expect(new SubmissionLimit(new Date(receivedAt)).isAhead(asShownInLondon(written))).toBe(ahead);
  });
});
