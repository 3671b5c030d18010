import type { LondonDate } from '@attest/calendar';
import { ENGLAND } from '@attest/contracts';
import type { Organisation } from './organisation.js';
import type { CommissionerRecord, PracticeRecord, Records } from './records.js';
import { byCode, countBy, mostOf, newestOf } from './newest.js';

/** Which ICB holds which sub-ICB and which region holds which ICB, as the newest files tell. */
export class Geography {
  private readonly commissioners: Map<string, CommissionerRecord[]>;
  private readonly holders: ReadonlyMap<string, string>;
  private readonly historicRegions = new Map<string, string | null>();
  private readonly practicesByIcb: Map<string, PracticeRecord[]>;
  private practicesBySubIcb: Map<string, PracticeRecord[]> | undefined;

  constructor(private readonly records: Records) {
    this.commissioners = byCode(records.commissioners, (r) => r.icbCode);
    this.holders = holdersOf(records.practices);
    this.practicesByIcb = byCode(
      records.practices.filter((r) => r.icbCode !== null),
      (r) => r.icbCode!,
    );
  }

  /** Whether a register of this date is newer than every list of patients; without a list nothing is. */
  isNewerThanLists(asAt: LondonDate): boolean {
    const newest = this.records.listings.at(-1)?.asAt;
    return newest !== undefined && asAt > newest;
  }

  isOpen(icbCode: string): boolean {
    return this.closedOn(icbCode) === null;
  }

  /** The ICB that now holds a sub-ICB; null when no list of patients names it. */
  holderOf(subIcbCode: string | null): string | null {
    return subIcbCode === null ? null : (this.holders.get(subIcbCode) ?? null);
  }

  /** As long as no file lists the ICBs: that of most of the sub-ICB's practices. */
  likelyHolderOf(subIcbCode: string | null): string | null {
    if (subIcbCode === null) return null;
    this.practicesBySubIcb ??= byCode(
      this.records.practices.filter((r) => r.subIcbCode !== null),
      (r) => r.subIcbCode!,
    );
    return (
      this.holderOf(subIcbCode) ??
      mostOf(countBy(this.practicesBySubIcb.get(subIcbCode) ?? [], (r) => r.icbCode))
    );
  }

  regionOf(icbCode: string): string | null {
    const named = newestOf(this.commissioners.get(icbCode) ?? [], (r) => r.regionCode);
    if (named !== null) return named;
    let region = this.historicRegions.get(icbCode);
    if (region === undefined) {
      region = mostOf(countBy(this.practicesByIcb.get(icbCode) ?? [], (r) => r.regionCode));
      this.historicRegions.set(icbCode, region);
    }
    return region;
  }

  /** All above an organisation of this ICB, nearest first. */
  ancestorsUnder(icbCode: string | null): string[] {
    if (icbCode === null) return [ENGLAND];
    return [icbCode, ...this.ancestorsOf(icbCode)];
  }

  ancestorsOf(icbCode: string): string[] {
    const region = this.regionOf(icbCode);
    return region === null ? [ENGLAND] : [region, ENGLAND];
  }

  commissioner(icbCode: string): Organisation {
    const named = newestOf(this.commissioners.get(icbCode) ?? [], (r) => r.name);
    const closeOn = this.closedOn(icbCode);
    return {
      code: icbCode,
      kind: 'commissioner',
      // Only the file that lists the ICBs has names; what was abolished before it keeps its code for one.
      name: named ?? `${closeOn === null ? 'Commissioner' : 'Former commissioner'} ${icbCode}`,
      commissionerCode: null,
      ancestors: this.ancestorsOf(icbCode),
      openOn: null,
      closeOn,
      payee: null,
      listSizes: [],
    };
  }

  region(regionCode: string): Organisation {
    const named = nameOfRegion(this.records.commissioners.filter((r) => r.regionCode === regionCode));
    return {
      code: regionCode,
      kind: 'region',
      name: named ?? `Region ${regionCode}`,
      commissionerCode: null,
      ancestors: [ENGLAND],
      openOn: null,
      closeOn: null,
      payee: null,
      listSizes: [],
    };
  }

  /** The date of the first list that lacks it after it was named. A register that names it later does not undo that. */
  private closedOn(icbCode: string): LondonDate | null {
    const named =
      this.commissioners.get(icbCode)?.at(-1)?.asAt ?? this.practicesByIcb.get(icbCode)?.[0]?.asAt;
    if (named === undefined) return null;
    return this.records.listings.find(({ asAt, lacks }) => asAt > named && lacks(icbCode))?.asAt ?? null;
  }
}

/** As the newest file in which all ICBs of the region agree names it. */
function nameOfRegion(records: readonly CommissionerRecord[]): string | null {
  const newestFirst = [...new Set(records.map((r) => r.asAt))].sort().reverse();
  for (const asAt of newestFirst) {
    const names = new Set(records.flatMap((r) => (r.asAt === asAt ? (r.regionName ?? []) : [])));
    if (names.size === 1) return [...names][0]!;
  }
  return null;
}

/** From the newest list of patients that names each sub-ICB: most of its practices decide. */
function holdersOf(practices: readonly PracticeRecord[]): Map<string, string> {
  const listed = practices.filter((r) => r.source === 'practice-pcn-icb' && r.subIcbCode !== null);
  const holders = new Map<string, string>();
  for (const [subIcb, oldestFirst] of byCode(listed, (r) => r.subIcbCode!)) {
    const newest = oldestFirst.at(-1)!.asAt;
    const holder = mostOf(
      countBy(
        oldestFirst.filter((r) => r.asAt === newest),
        (r) => r.icbCode,
      ),
    );
    if (holder !== null) holders.set(subIcb, holder);
  }
  return holders;
}
