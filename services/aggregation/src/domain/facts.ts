/** What one figure is made from, as it was found in the database. */
export interface Facts {
  readonly participation: ParticipationFact | null;
  /** Of the practice itself. */
  readonly page: PageFact | null;
  readonly listSize: ListSizeFact | null;
  /** Of a PCN: its members as at the achievement date, by code. */
  readonly members: readonly MemberFact[];
  /** PCNs that were read, or whose change caused this, by code. */
  readonly memberships: readonly MembershipFact[];
}

export interface ParticipationFact {
  readonly status: 'offered' | 'accepted' | 'refused' | 'ended';
  /** `[from, to)` */
  readonly fromOn: string;
  readonly toOn: string | null;
  readonly version: number;
}

export interface PageFact {
  readonly pageVersion: number;
  readonly rulePackVersion: number;
  readonly values: readonly (bigint | null)[];
  readonly fileId: string;
  readonly fileName: string;
  readonly fileSha256: string;
  readonly firstLine: number;
  readonly lastLine: number;
  readonly submittedAt: string;
  /** The accepted amendment that the values come from; file and lines are then those of the rest. */
  readonly amendmentId?: string;
}

export interface ListSizeFact {
  readonly listSizeOn: string;
  readonly registeredPatients: bigint;
  /** Of the organisation, when it said this size. */
  readonly version: number;
}

export interface MemberFact {
  readonly practiceCode: string;
  readonly page: PageFact | null;
  readonly listSize: ListSizeFact | null;
}

export interface MembershipFact {
  readonly pcnCode: string;
  readonly version: number;
}

/** Accepted and covering the date; one that was ended counts up to its end. */
export function participates(fact: ParticipationFact | null, date: string): boolean {
  if (fact === null || fact.fromOn > date) return false;
  if (fact.status === 'accepted') return fact.toOn === null || date < fact.toOn;
  return fact.status === 'ended' && fact.toOn !== null && date < fact.toOn;
}
