import { describe, expect, it } from '@jest/globals';
import { parseLondonDate, type Period } from '@attest/calendar';
import { narrowed } from './narrowed.js';

const d = parseLondonDate;
const TODAY = d('2026-08-20');
const period = (from: string, to: string | null): Period => ({
  from: d(from),
  to: to === null ? null : d(to),
});

describe('a role that was told and forgotten', () => {
  it.each<[string, Period, Period | undefined, Period]>([
    [
      'that was revoked stays revoked',
      period('2026-01-01', '2026-08-19'),
      period('2026-01-01', null),
      period('2026-01-01', '2026-08-19'),
    ],
    [
      'that was prolonged ends as the database knows it',
      period('2026-01-01', null),
      period('2026-01-01', '2026-09-01'),
      period('2026-01-01', '2026-09-01'),
    ],
    ['that was given ends', period('2026-01-01', null), undefined, period('2026-01-01', '2026-08-20')],
    [
      'that was given from a later day never counts',
      period('2026-10-01', null),
      undefined,
      period('2026-08-19', '2026-08-20'),
    ],
    [
      'whose dates do not meet ends',
      period('2026-09-01', null),
      period('2026-01-01', '2026-09-01'),
      period('2026-01-01', '2026-08-20'),
    ],
  ])('%s', (_name, told, known, expected) => expect(narrowed(told, known, TODAY)).toEqual(expected));
});
