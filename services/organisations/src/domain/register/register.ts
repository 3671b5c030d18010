import { Geography } from './geography.js';
import { GROUND } from './ground.js';
import type { Organisation } from './organisation.js';
import { derivePcns, type PcnMembers } from './pcns.js';
import { derivePractices } from './practices.js';
import type { Records } from './records.js';

/**
 * Everybody, from all files together and so whatever the order they came in; those above come before those below.
 * @param registered commissioners that were published before: abolished ones are closed, never forgotten
 */
export function deriveOrganisations(
  records: Records,
  { membersByPcn, newestFileAsAt }: Omit<PcnMembers, 'commissionerOfPractice'>,
  registered: Iterable<string> = [],
): Organisation[] {
  const geography = new Geography(records);
  const practices = derivePractices(records.practices, geography);
  const commissionerOfPractice = new Map(practices.map((p) => [p.code, p.commissionerCode]));
  const pcns = derivePcns(records.pcns, geography, { membersByPcn, commissionerOfPractice, newestFileAsAt });
  const icbCodes = new Set([
    ...registered,
    ...records.commissioners.map((r) => r.icbCode),
    ...[...practices, ...pcns].flatMap((o) => o.commissionerCode ?? []),
  ]);
  const commissioners = [...icbCodes].sort().map((code) => geography.commissioner(code));
  const regionCodes = new Set(commissioners.flatMap((c) => geography.regionOf(c.code) ?? []));
  const regions = [...regionCodes].sort().map((code) => geography.region(code));
  return firstOfEachCode([...GROUND, ...regions, ...commissioners, ...pcns, ...practices]);
}

/** Should files give one code to two kinds, whoever stands higher has it. */
function firstOfEachCode(organisations: readonly Organisation[]): Organisation[] {
  const seen = new Set<string>();
  return organisations.filter(({ code }) => !seen.has(code) && seen.add(code));
}
