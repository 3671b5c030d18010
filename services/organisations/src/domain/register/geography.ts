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
  /** Dates of the files that list all ICBs, ascending. */
  private readonly listings: readonly LondonDate[];

  constructor(private readonly records: Records) {
    this.commissioners = byCode(records.commissioners, (r) => r.icbCode);
    this.listings = [...new Set(records.commissioners.map((r) => r.asAt))].sort();
    this.holders = holdersOf(records.practices);
    this.practicesByIcb = byCode(
      records.practices.filter((r) => r.icbCode !== null),
      (r) => r.icbCode!,
    );
  }

  /** The ICB that now holds a sub-ICB; null when no newer file names it. */
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
    const named = this.commissioners.get(icbCode)?.at(-1)?.regionCode;
    if (named !== undefined) return named;
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
    const named = this.commissioners.get(icbCode)?.at(-1);
    return {
      code: icbCode,
      kind: 'commissioner',
      // Only the file that lists the ICBs has names; what was abolished before it keeps its code for one.
      name: named?.name ?? `Former commissioner ${icbCode}`,
      commissionerCode: null,
      ancestors: this.ancestorsOf(icbCode),
      openOn: null,
      closeOn: this.closedOn(icbCode),
      payee: null,
      listSizes: [],
    };
  }

  region(regionCode: string): Organisation {
    const named = newestOf(
      this.records.commissioners.filter((r) => r.regionCode === regionCode),
      (r) => r.regionName,
    );
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

  /** The date of the first list of ICBs that no longer has it. */
  private closedOn(icbCode: string): LondonDate | null {
    const lastNamed = [
      this.commissioners.get(icbCode)?.at(-1)?.asAt,
      this.practicesByIcb.get(icbCode)?.at(-1)?.asAt,
    ].reduce<LondonDate | null>((a, b) => (b === undefined ? a : a === null || b > a ? b : a), null);
    return this.listings.find((listing) => lastNamed !== null && listing > lastNamed) ?? null;
  }
}

/** From the newest file that lists practices with their ICB: most of a sub-ICB's practices decide. */
function holdersOf(practices: readonly PracticeRecord[]): Map<string, string> {
  const listed = practices.filter((r) => r.source === 'practice-pcn-icb' && r.subIcbCode !== null);
  const newest = listed.reduce<LondonDate | null>((a, r) => (a === null || r.asAt > a ? r.asAt : a), null);
  const bySubIcb = byCode(
    listed.filter((r) => r.asAt === newest),
    (r) => r.subIcbCode!,
  );
  const holders = new Map<string, string>();
  for (const [subIcb, records] of bySubIcb) {
    const holder = mostOf(countBy(records, (r) => r.icbCode));
    if (holder !== null) holders.set(subIcb, holder);
  }
  return holders;
}
