import type { LondonDate } from '@attest/calendar';
import type { QualityService } from '@attest/contracts';
import {
  CalendarEntryDroppedError,
  ProviderKindFixedError,
  RulePackFieldsMovedError,
  RulePackVersionStaleError,
} from '../catalogue.errors.js';

/** Two documents that say the same, whatever the order of their properties. */
export const sameDocument = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b);

function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/**
 * Whether a service may follow what was published under its code.
 * @throws ProviderKindFixedError, CalendarEntryDroppedError, RulePackVersionStaleError, RulePackFieldsMovedError
 */
export function refuseUnfitSuccessor(
  published: QualityService,
  next: QualityService,
  today: LondonDate,
): void {
  const { serviceCode } = next;
  if (published.providerKind !== next.providerKind)
    throw new ProviderKindFixedError(serviceCode, published.providerKind);
  const dropped = droppedEntries(published, next, today);
  if (dropped.length > 0) throw new CalendarEntryDroppedError(serviceCode, dropped);
  if (sameDocument(published.rulePack, next.rulePack)) return;
  if (next.rulePack.version <= published.rulePack.version)
    throw new RulePackVersionStaleError(serviceCode, next.rulePack.version, published.rulePack.version);
  published.rulePack.fields.forEach(({ indicatorCode, fieldName }, place) => {
    const field = next.rulePack.fields[place];
    if (field?.indicatorCode !== indicatorCode || field.fieldName !== fieldName)
      throw new RulePackFieldsMovedError(serviceCode, place);
  });
}

/**
 * Readers keep a rule pack by its number, and know those that a restored database has forgotten.
 * @throws RulePackVersionStaleError
 */
export function refuseForgottenNumber(forgotten: readonly QualityService[], next: QualityService): void {
  const other = forgotten.some(
    ({ rulePack }) => rulePack.version === next.rulePack.version && !sameDocument(rulePack, next.rulePack),
  );
  if (!other) return;
  const highest = Math.max(...forgotten.map(({ rulePack }) => rulePack.version));
  throw new RulePackVersionStaleError(next.serviceCode, next.rulePack.version, highest);
}

/**
 * Achievement dates on which declarations may rest. Nobody tells the catalogue which declarations there are
 * (docs/decisions/0025): an entry counts as in use from its achievement date on, and from the beginning where figures
 * are made ahead because no page is waited for. What lies ahead of a service that ends earlier lapses by itself.
 */
function droppedEntries(published: QualityService, next: QualityService, today: LondonDate): string[] {
  const kept = new Set(next.calendar.map((entry) => entry.achievementDate));
  // A financial year `2022/23` begins on 1 April of its first year.
  const openFrom = `${next.rulePack.oldestOpenFinancialYear.slice(0, 4)}-04-01`;
  const madeAhead = !published.rulePack.dependsOn.includes('page');
  const covers = (date: string): boolean =>
    next.startOn <= date && (next.endOn === null || date < next.endOn);
  return published.calendar
    .map((entry) => entry.achievementDate)
    .filter((date) => !kept.has(date) && date >= openFrom)
    .filter((date) => date <= today || (madeAhead && covers(date)))
    .sort();
}
