import type { LondonDate } from '@attest/calendar';

/** What one file, as at one date, says about a practice. Null where it does not tell, or where its rows differ. */
export interface PracticeRecord {
  readonly practiceCode: string;
  readonly source: 'practices' | 'pcn-memberships' | 'practice-pcn-icb';
  readonly asAt: LondonDate;
  readonly name: string | null;
  readonly regionCode: string | null;
  readonly icbCode: string | null;
  readonly subIcbCode: string | null;
  readonly openOn: LondonDate | null;
  readonly closeOn: LondonDate | null;
  readonly prescribingSetting: number | null;
  readonly registeredPatients: number | null;
}

/** What one file says about a PCN. */
export interface PcnRecord {
  readonly pcnCode: string;
  readonly source: 'pcns' | 'pcn-memberships' | 'practice-pcn-icb';
  readonly asAt: LondonDate;
  readonly name: string | null;
  readonly subIcbCode: string | null;
  readonly openOn: LondonDate | null;
  readonly closeOn: LondonDate | null;
  /** Whether anybody is registered with a practice that names it; only a list of patients tells. */
  readonly withPatients: boolean | null;
}

/** An ICB as the practice-pcn-icb file of one date names it, with its region. */
export interface CommissionerRecord {
  readonly icbCode: string;
  readonly asAt: LondonDate;
  readonly name: string | null;
  readonly regionCode: string | null;
  readonly regionName: string | null;
}

/** A file that lists all ICBs of its date. */
export interface Listing {
  readonly asAt: LondonDate;
  /** Whether the file was read wholly enough to say that this ICB is not in it. */
  lacks(icbCode: string): boolean;
}

/** All the files there are, as far as they tell who exists. */
export interface Records {
  /** Oldest first. */
  readonly listings: readonly Listing[];
  readonly practices: readonly PracticeRecord[];
  readonly pcns: readonly PcnRecord[];
  readonly commissioners: readonly CommissionerRecord[];
}
