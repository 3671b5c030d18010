import type { LondonDate } from '@attest/calendar';

/** What one file, as at one date, says about a practice. Null where its layout does not tell. */
export interface PracticeRecord {
  readonly practiceCode: string;
  readonly source: 'practices' | 'pcn-memberships' | 'practice-pcn-icb';
  readonly asAt: LondonDate;
  readonly name: string;
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
  readonly name: string;
  readonly subIcbCode: string | null;
  readonly openOn: LondonDate | null;
  readonly closeOn: LondonDate | null;
}

/** An ICB as the practice-pcn-icb file of one date names it, with its region. */
export interface CommissionerRecord {
  readonly icbCode: string;
  readonly asAt: LondonDate;
  readonly name: string;
  readonly regionCode: string;
  readonly regionName: string;
}

/** All the files there are, as far as they tell who exists. */
export interface Records {
  readonly practices: readonly PracticeRecord[];
  readonly pcns: readonly PcnRecord[];
  readonly commissioners: readonly CommissionerRecord[];
}
