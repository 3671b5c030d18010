import type { BusinessClock } from '@attest/calendar';
import type { Tx } from '@attest/persistence';
import type { Declaration } from '../../domain/core/declaration.js';
import type { DeclarationWindow } from '../../domain/core/stimulus.js';
import {
  adjustmentWindow,
  declarationWindow,
  lateCutOff,
  type CalendarDates,
} from '../../domain/periods/window.js';
import type { PolicyStore } from '../signing/policy.ports.js';
import type { ReferenceStore } from '../references/reference.ports.js';

/** From when each of these may be paid where it was declared late, with one look at the calendars. */
export async function lateCutOffs(
  tx: Pick<Tx, 'query'>,
  references: ReferenceStore,
  policies: PolicyStore,
  declarations: readonly Declaration[],
): Promise<(d: Declaration) => Date | null> {
  const late = declarations.filter((d) => d.late);
  if (late.length === 0) return () => null;
  const periods = await references.periods(tx);
  const calendars = await policies.calendars(tx, late);
  return (d) => lateCutOff(d, calendars.get(d.declarationId) ?? null, periods);
}

export interface InCalendar {
  readonly declaration: Declaration;
  /** Of its achievement; null where the calendar has no entry. */
  readonly calendar: CalendarDates | null;
}

/** When each of these may be declared and which run then pays it, with one look at the calendars. */
export async function windowsOf(
  tx: Tx,
  references: ReferenceStore,
  clock: BusinessClock,
  asked: readonly InCalendar[],
): Promise<(one: InCalendar) => DeclarationWindow | null> {
  const today = clock.today();
  // Only a late one needs to know what comes after its own period, and an adjustment what is paid next.
  const isLate = asked.some(({ calendar }) => calendar !== null && today > calendar.providerDeadlineOn);
  const periods = isLate ? await references.periods(tx) : [];
  const adjusted = asked.flatMap(({ declaration: d }) => (d.kind === 'adjustment' ? [d.serviceCode] : []));
  const ofServices = await references.periodsOf(tx, [...new Set(adjusted)]);
  // Thousands of a bulk share a few windows, and a window takes longer to find than a declaration to declare.
  const known = new Map<string, DeclarationWindow>();
  return ({ declaration, calendar }) => {
    if (calendar === null) return null;
    if (declaration.kind === 'achievement') {
      const key = `${calendar.paymentPeriod} ${calendar.opensOn} ${calendar.providerDeadlineOn} ${calendar.cutOffAt.getTime()}`;
      let window = known.get(key);
      if (!window) known.set(key, (window = declarationWindow(calendar, today, periods)));
      return window;
    }
    return adjustmentWindow(calendar, clock.now(), today, ofServices.get(declaration.serviceCode) ?? []);
  };
}
