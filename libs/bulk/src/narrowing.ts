import type { Parameters } from '@attest/persistence';

/** What narrows a preview of declarations, whatever is done with them; a service adds what only it knows. */
export interface DeclarationFilter {
  readonly serviceCode?: string | undefined;
  readonly paymentPeriod?: string | undefined;
  readonly achievementDate?: string | undefined;
  readonly kind?: string | undefined;
  readonly organisationCode?: string | undefined;
  readonly commissionerCode?: string | undefined;
  readonly held?: boolean | undefined;
  readonly late?: boolean | undefined;
  readonly amountFromPence?: bigint | undefined;
  readonly amountToPence?: bigint | undefined;
}

const CONDITIONS: Readonly<Record<keyof DeclarationFilter, readonly [column: string, type: string]>> = {
  serviceCode: ['service_code =', 'text'],
  paymentPeriod: ['payment_period =', 'text'],
  achievementDate: ['achievement_date =', 'date'],
  kind: ['kind =', 'text'],
  organisationCode: ['organisation_code =', 'text'],
  commissionerCode: ['commissioner_code =', 'text'],
  held: ['held =', 'boolean'],
  late: ['late =', 'boolean'],
  amountFromPence: ['pence >=', 'bigint'],
  amountToPence: ['pence <=', 'bigint'],
};

/** Conditions on a table that has these columns; what is left out narrows nothing. */
export const narrowedBy = (filter: DeclarationFilter, alias: string, p: Parameters): string[] =>
  Object.entries(CONDITIONS).flatMap(([field, [column, type]]) => {
    const value = filter[field as keyof DeclarationFilter];
    return value === undefined ? [] : [`${alias}.${column} ${p.add(value)}::${type}`];
  });

/** What a look at a preview tells of each declaration, from a table that has these columns. */
export const declarationFacts = (alias: string): string =>
  `${alias}.service_code AS "serviceCode", ${alias}.achievement_date AS "achievementDate",
   ${alias}.organisation_code AS "organisationCode", ${alias}.commissioner_code AS "commissionerCode"`;

const penceOf = (digits: string | undefined): bigint | undefined =>
  digits === undefined ? undefined : BigInt(digits);

/** The amounts of a body, whose digits were checked. */
export const amountsOf = (body: { readonly amountFromPence?: string; readonly amountToPence?: string }) => ({
  amountFromPence: penceOf(body.amountFromPence),
  amountToPence: penceOf(body.amountToPence),
});
