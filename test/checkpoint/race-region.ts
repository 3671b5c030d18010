// The region of a race: one board, its PCNs of three practices each, and four services that pay them by patients.
import type { LocalPerson } from './local-services.js';
import { organisationFiles, type MadeUpMember } from './made-up-files.js';
import { capitation } from './made-up-services.js';

/** Monthly payments by registered patients: a practice that moves changes what both PCNs are owed. */
export const SERVICES = ['XCAPA', 'XCAPB', 'XCAPC', 'XCAPD'] as const;
export const ACHIEVEMENT_DATE = '2026-07-31';
export const PERIOD = '2026-07';
const PRACTICES_EACH = 3;

export const OPERATOR = 'operator1.england';
export const APPROVER = 'approver1.xqa';
export const FINANCE = 'finance1.xqa';
/** Declares for every PCN of the board, and therefore signs nothing. */
export const DECLARER = 'declarer.xqa';
const AGENCY = 'agency1.pcse';

export const PEOPLE: readonly LocalPerson[] = (
  [
    [OPERATOR, 'NATIONAL_OPERATOR', 'ENGLAND'],
    [OPERATOR, 'ORGANISATION_ADMINISTRATION', 'ENGLAND'],
    [DECLARER, 'DECLARATION_MANAGEMENT', 'XQA'],
    [APPROVER, 'APPROVAL_MANAGEMENT', 'XQA'],
    [FINANCE, 'FINANCE_MANAGEMENT', 'XQA'],
    [AGENCY, 'PAYMENT_AGENCY', 'PCSE'],
  ] as const
).map(([personId, role, organisationCode]) => ({ personId, name: personId, role, organisationCode }));

export const pcnOf = (n: number): string => `XU${String(n).padStart(4, '0')}`;
export const practiceOf = (pcn: number, n: number): string =>
  `X${String(pcn * PRACTICES_EACH + n).padStart(5, '0')}`;

/** What is loaded of so many PCNs. */
export const filesOf = (pcns: number) => organisationFiles(membersOf(pcns), PEOPLE);

export const serviceDocument = (serviceCode: string) => capitation(serviceCode, ACHIEVEMENT_DATE);

const membersOf = (pcns: number): MadeUpMember[] =>
  Array.from({ length: pcns }, (_, pcn) =>
    Array.from({ length: PRACTICES_EACH }, (_, n) => ({
      code: practiceOf(pcn, n),
      pcn: pcnOf(pcn),
      patients: 5_000 + 137 * ((pcn * 7 + n * 3) % 50),
    })),
  ).flat();
