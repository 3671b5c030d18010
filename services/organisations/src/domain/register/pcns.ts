import { periodContains, type LondonDate } from '@attest/calendar';
import type { MemberSpell } from '../memberships/spell.js';
import type { Geography } from './geography.js';
import { defaultPayee, type Organisation } from './organisation.js';
import type { PcnRecord } from './records.js';
import { byCode, countBy, mostOf, newestOf } from './newest.js';

/** What a PCN's lead commissioner follows from. */
export interface PcnMembers {
  readonly membersByPcn: ReadonlyMap<string, readonly MemberSpell[]>;
  readonly commissionerOfPractice: ReadonlyMap<string, string | null>;
  /** The date of the newest file that tells memberships; null when there is none. */
  readonly newestFileAsAt: LondonDate | null;
}

export function derivePcns(
  records: readonly PcnRecord[],
  geography: Geography,
  members: PcnMembers,
): Organisation[] {
  return [...byCode(records, (r) => r.pcnCode)].map(([code, oldestFirst]) => {
    const name = newestOf(oldestFirst, (r) => r.name) ?? `PCN ${code}`;
    const commissionerCode = leadCommissionerOf(code, oldestFirst, geography, members);
    return {
      code,
      kind: 'pcn',
      name,
      commissionerCode,
      ancestors: geography.ancestorsUnder(commissionerCode),
      openOn: newestOf(oldestFirst, (r) => r.openOn),
      closeOn: closeOf(oldestFirst),
      payee: defaultPayee(code, name),
      listSizes: [],
    };
  });
}

/**
 * The ICB with most of its members, as at the newest file, so that a single move does not change who signs. Of two
 * with as many, the one that holds the PCN's own sub-ICB. A PCN without members has that one, else that of most of
 * those it ever had.
 */
function leadCommissionerOf(
  code: string,
  oldestFirst: readonly PcnRecord[],
  geography: Geography,
  { membersByPcn, commissionerOfPractice, newestFileAsAt }: PcnMembers,
): string | null {
  const ever = membersByPcn.get(code) ?? [];
  const now = newestFileAsAt === null ? [] : ever.filter((spell) => periodContains(spell, newestFileAsAt));
  const own = geography.likelyHolderOf(newestOf(oldestFirst, (r) => r.subIcbCode));
  const most = (spells: readonly MemberSpell[]): string | null =>
    mostOf(
      countBy(spells, (spell) => commissionerOfPractice.get(spell.practiceCode)),
      own,
    );
  return most(now) ?? own ?? most(ever);
}

/** A closing date holds unless a newer file names members with patients. */
function closeOf(oldestFirst: readonly PcnRecord[]): LondonDate | null {
  const details = oldestFirst.filter((r) => r.source === 'pcns').at(-1);
  if (!details || details.closeOn === null) return null;
  const { closeOn } = details;
  const stillThere = oldestFirst.some(
    (r) => r.withPatients === true && r.asAt > details.asAt && r.asAt >= closeOn,
  );
  return stillThere ? null : closeOn;
}
