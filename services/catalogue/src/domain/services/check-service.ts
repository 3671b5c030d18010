import { isLondonDate, londonDate } from '@attest/calendar';
import { checkPack, runExamples } from '@attest/calculation';
import type { CalendarEntry, QualityService } from '@attest/contracts';
import { containsNhsNumber, PatientIdentifierFoundError } from '@attest/errors';
import {
  CalendarFaultyError,
  ExampleFailedError,
  PolicyFaultyError,
  RulePackFaultyError,
  ServiceDatesFaultyError,
} from '../catalogue.errors.js';
import { checkPolicy } from './check-policy.js';
import { under, type PlacedFault } from './placed-fault.js';

/**
 * What a schema cannot say: whether it all fits together and its worked examples come out.
 * @throws ServiceDatesFaultyError, CalendarFaultyError, RulePackFaultyError, PolicyFaultyError, ExampleFailedError, PatientIdentifierFoundError
 */
export function checkService(service: QualityService): void {
  refuseNhsNumbers(service);
  const dates = checkDates(service);
  if (dates.length > 0) throw new ServiceDatesFaultyError(dates);
  const calendar = service.calendar.flatMap((entry, i) =>
    under(`/calendar/${i}`, checkEntry(entry, i, service)),
  );
  if (calendar.length > 0) throw new CalendarFaultyError(calendar);
  const pack = under('/rulePack', [...checkPack(service.rulePack), ...checkMembership(service)]);
  if (pack.length > 0) throw new RulePackFaultyError(pack);
  const { policy } = service.rulePack;
  const faults = policy ? under('/rulePack/policy', checkPolicy(policy)) : [];
  if (faults.length > 0) throw new PolicyFaultyError(faults);
  const examples = runExamples(service.rulePack).map(({ place, name, detail }) => ({
    at: `/rulePack/examples/${place}`,
    detail: `(${name}) ${detail}`,
  }));
  if (examples.length > 0) throw new ExampleFailedError(examples);
}

/** Without it nothing would be held or made again when a practice joins or leaves. */
function checkMembership({ providerKind, rulePack }: QualityService): PlacedFault[] {
  return providerKind === 'pcn' && !rulePack.dependsOn.includes('membership')
    ? [{ at: '/dependsOn', detail: 'lacks membership, on which every figure of a PCN depends' }]
    : [];
}

function refuseNhsNumbers({ name, rulePack }: QualityService): void {
  const texts = [
    name,
    rulePack.note ?? '',
    ...rulePack.sources,
    ...(rulePack.policy?.tiers ?? []).map((tier) => tier.name),
    ...rulePack.examples.flatMap((e) => [e.name, e.source]),
  ];
  if (texts.some(containsNhsNumber)) throw new PatientIdentifierFoundError('The service');
}

function checkDates({ startOn, endOn, rulePack }: QualityService): PlacedFault[] {
  const faults: PlacedFault[] = [];
  if (!isLondonDate(startOn)) faults.push({ at: '/startOn', detail: 'is no date of the calendar' });
  if (endOn !== null && !isLondonDate(endOn))
    faults.push({ at: '/endOn', detail: 'is no date of the calendar' });
  else if (endOn !== null && endOn <= startOn)
    faults.push({ at: '/endOn', detail: 'is not after the start' });
  for (const [at, year] of [
    ['/rulePack/financialYear', rulePack.financialYear],
    ['/rulePack/oldestOpenFinancialYear', rulePack.oldestOpenFinancialYear],
  ] as const)
    if (!isFinancialYear(year)) faults.push({ at, detail: 'is no financial year such as 2025/26' });
  if (rulePack.oldestOpenFinancialYear > rulePack.financialYear)
    faults.push({ at: '/rulePack/oldestOpenFinancialYear', detail: 'is after the financial year itself' });
  return faults;
}

const isFinancialYear = (label: string): boolean =>
  (Number(label.slice(0, 4)) + 1) % 100 === Number(label.slice(5));

function checkEntry(entry: CalendarEntry, place: number, service: QualityService): PlacedFault[] {
  const { achievementDate, paymentPeriod, opensOn, providerDeadlineOn, cutOffAt, payOn } = entry;
  const wrongDates = Object.entries({ achievementDate, opensOn, providerDeadlineOn, payOn })
    .filter(([, date]) => !isLondonDate(date))
    .map(([name]) => ({ at: `/${name}`, detail: 'is no date of the calendar' }));
  const cutOff = new Date(cutOffAt);
  if (Number.isNaN(cutOff.getTime())) wrongDates.push({ at: '/cutOffAt', detail: 'is no instant' });
  if (wrongDates.length > 0) return wrongDates;
  const faults: PlacedFault[] = [];
  const refuse = (wrong: boolean, at: string, detail: string): void =>
    void (wrong && faults.push({ at, detail }));
  refuse(
    achievementDate < service.startOn || (service.endOn !== null && achievementDate >= service.endOn),
    '/achievementDate',
    'lies outside the service',
  );
  refuse(
    service.calendar.findIndex((other) => other.achievementDate === achievementDate) !== place,
    '/achievementDate',
    'is in the calendar twice',
  );
  refuse(!isLondonDate(`${paymentPeriod}-01`), '/paymentPeriod', 'is no month');
  refuse(opensOn < achievementDate, '/opensOn', 'is before the achievement date that it is about');
  refuse(providerDeadlineOn < opensOn, '/providerDeadlineOn', 'is before it opens');
  refuse(londonDate(cutOff) < providerDeadlineOn, '/cutOffAt', 'is before the provider deadline');
  refuse(payOn < londonDate(cutOff), '/payOn', 'is before the cut-off');
  return faults;
}
