// Ready-made people for every role: invented names of roles, no real person.
import type { Role } from '@attest/contracts';

export const NATIONAL = {
  nationalOperator: 'operator1.england',
  secondOperator: 'operator2.england',
  extractSupplier: 'supplier1.england',
  organisationAdministrator: 'administrator1.england',
  agency: 'agency1.pcse',
  viewer: 'viewer1.england',
};

/** Rows of people.csv; providers are practices and PCNs. */
export function* peopleRows(
  providers: Iterable<string>,
  commissioners: Iterable<string>,
): Generator<readonly string[]> {
  const person = (id: string, name: string, role: Role, organisation: string): readonly string[] => [
    id,
    name,
    role,
    organisation,
    '2014-04-01',
    '',
  ];
  yield person(NATIONAL.nationalOperator, 'National operator', 'NATIONAL_OPERATOR', 'ENGLAND');
  yield person(NATIONAL.nationalOperator, 'National operator', 'COMMISSIONING_MANAGEMENT', 'ENGLAND');
  yield person(NATIONAL.nationalOperator, 'National operator', 'FINANCE_MANAGEMENT', 'ENGLAND');
  yield person(NATIONAL.secondOperator, 'National operator', 'NATIONAL_OPERATOR', 'ENGLAND');
  yield person(NATIONAL.extractSupplier, 'Extract supplier', 'EXTRACT_SUBMISSION', 'ENGLAND');
  yield person(
    NATIONAL.organisationAdministrator,
    'Organisation administrator',
    'ORGANISATION_ADMINISTRATION',
    'ENGLAND',
  );
  yield person(NATIONAL.agency, 'Payment agency', 'PAYMENT_AGENCY', 'PCSE');
  yield person(NATIONAL.viewer, 'National viewer', 'VIEW', 'ENGLAND');
  for (const code of commissioners) {
    const at = code.toLowerCase();
    for (const n of [1, 2]) {
      yield person(`approver${n}.${at}`, `Approver ${n}`, 'APPROVAL_MANAGEMENT', code);
      yield person(`finance${n}.${at}`, `Finance ${n}`, 'FINANCE_MANAGEMENT', code);
    }
    yield person(`senior1.${at}`, 'Senior approver', 'SENIOR_APPROVAL_MANAGEMENT', code);
    yield person(`executive1.${at}`, 'Executive approver', 'EXECUTIVE_APPROVAL_MANAGEMENT', code);
    yield person(`commissioning1.${at}`, 'Commissioning manager', 'COMMISSIONING_MANAGEMENT', code);
  }
  for (const code of providers)
    yield person(`declarer.${code.toLowerCase()}`, 'Declarer', 'DECLARATION_MANAGEMENT', code);
}

export const declarerOf = (code: string): string => `declarer.${code.toLowerCase()}`;
export const approverOf = (code: string): string => `approver1.${code.toLowerCase()}`;
export const secondApproverOf = (code: string): string => `approver2.${code.toLowerCase()}`;
export const financeOf = (code: string): string => `finance1.${code.toLowerCase()}`;
