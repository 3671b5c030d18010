import type { OrganisationState, Payee } from '@attest/contracts';

/** An organisation as it is published, but for its version. */
export type Organisation = Omit<OrganisationState, 'organisationVersion'>;
export type OrganisationKind = Organisation['kind'];

/** A provider is paid itself until somebody names another payee. */
export const defaultPayee = (code: string, name: string): Payee => ({
  payeeCode: code,
  payeeName: name,
  accountReference: `ATTEST-${code}`,
});

/** Kinds that deliver services and so are paid. */
export const isProvider = (kind: OrganisationKind): boolean => kind === 'practice' || kind === 'pcn';

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Whether anything that readers know of an organisation differs. */
export function differs(a: Organisation, b: Organisation): boolean {
  return (
    a.name !== b.name ||
    a.kind !== b.kind ||
    a.commissionerCode !== b.commissionerCode ||
    a.openOn !== b.openOn ||
    a.closeOn !== b.closeOn ||
    !same(a.ancestors, b.ancestors) ||
    !same(payeeParts(a), payeeParts(b)) ||
    !same(sizes(a), sizes(b))
  );
}

const payeeParts = ({ payee }: Organisation): unknown =>
  payee && [payee.payeeCode, payee.payeeName, payee.accountReference];
const sizes = ({ listSizes }: Organisation): unknown =>
  listSizes.map(({ listSizeOn, registeredPatients }) => [listSizeOn, registeredPatients]);
