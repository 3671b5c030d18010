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

/** Whether anything that readers know of an organisation differs. */
export function differs(a: Organisation, b: Organisation): boolean {
  return (
    a.name !== b.name ||
    a.kind !== b.kind ||
    a.commissionerCode !== b.commissionerCode ||
    a.openOn !== b.openOn ||
    a.closeOn !== b.closeOn ||
    !sameEach(a.ancestors, b.ancestors, (x, y) => x === y) ||
    !samePayee(a.payee, b.payee) ||
    !sameEach(
      a.listSizes,
      b.listSizes,
      (x, y) => x.listSizeOn === y.listSizeOn && x.registeredPatients === y.registeredPatients,
    )
  );
}

const sameEach = <T>(a: readonly T[], b: readonly T[], same: (x: T, y: T) => boolean): boolean =>
  a.length === b.length && a.every((item, i) => same(item, b[i]!));

export const samePayee = (a: Payee | null, b: Payee | null): boolean =>
  a?.payeeCode === b?.payeeCode &&
  a?.payeeName === b?.payeeName &&
  a?.accountReference === b?.accountReference;
