import { describe, expect, it } from '@jest/globals';
import { parseLondonDate } from '@attest/calendar';
import type { CalendarEntry, QualityService } from '@attest/contracts';
import { aService } from '../../../test/services.js';
import { refuseUnfitSuccessor } from './succession.js';

const TODAY = parseLondonDate('2026-07-31');
const entry = (achievementDate: string): CalendarEntry => ({ ...aService().calendar[0]!, achievementDate });
const withDates = (dates: readonly string[], oldestOpenFinancialYear = '2025/26'): QualityService => ({
  ...aService({ calendar: dates.map(entry) }),
  rulePack: { ...aService().rulePack, oldestOpenFinancialYear },
});
const published = withDates(['2025-03-31', '2025-04-30', '2026-06-30', '2026-07-31', '2026-08-31']);

describe('a service that follows another', () => {
  it.each<[string, QualityService]>([
    ['with the same entries', published],
    ['with one more', withDates(['2025-04-30', '2026-06-30', '2026-07-31', '2026-08-31', '2026-09-30'])],
    [
      'with an entry moved',
      { ...published, calendar: published.calendar.map((e) => ({ ...e, payOn: '2026-12-01' })) },
    ],
    [
      'without an entry whose achievement date lies ahead',
      withDates(['2025-04-30', '2026-06-30', '2026-07-31']),
    ],
    [
      'without one from before the oldest open year',
      withDates(['2025-04-30', '2026-06-30', '2026-07-31', '2026-08-31']),
    ],
  ])('is taken %s', (_, next) => {
    expect(() =>
      refuseUnfitSuccessor(published, { ...next, rulePack: published.rulePack }, TODAY),
    ).not.toThrow();
  });

  it('may not drop an entry on which declarations may rest, and is told all of them', () => {
    const next = { ...withDates(['2026-06-30']), rulePack: published.rulePack };
    expect(() => refuseUnfitSuccessor(published, next, TODAY)).toThrow(
      expect.objectContaining({
        code: 'CALENDAR_ENTRY_DROPPED',
        detail: expect.stringMatching(/2025-04-30, 2026-07-31/),
        facts: { serviceCode: 'XVI2627', dropped: 2, first: '2025-04-30' },
      }),
    );
  });

  it('counts its own oldest open year: what is closed by it may go', () => {
    const next = withDates(['2026-06-30', '2026-07-31'], '2026/27');
    next.rulePack.version = 2;
    expect(() => refuseUnfitSuccessor(published, next, TODAY)).not.toThrow();
  });

  it('may not drop one that lies ahead where figures are made ahead, unless it ends before', () => {
    const ahead = { ...published.rulePack, dependsOn: ['list-size' as const] };
    const before = { ...published, rulePack: ahead };
    const next = { ...withDates(['2025-04-30', '2026-06-30', '2026-07-31']), rulePack: ahead };
    expect(() => refuseUnfitSuccessor(before, next, TODAY)).toThrow(
      expect.objectContaining({
        code: 'CALENDAR_ENTRY_DROPPED',
        facts: expect.objectContaining({ first: '2026-08-31' }),
      }),
    );
    expect(() => refuseUnfitSuccessor(before, { ...next, endOn: '2026-08-31' }, TODAY)).not.toThrow();
  });
});
