import { penceOf, type ModelDeclaration, type Result } from './model-declaration.js';

/** What one declaration stands for: money that was moved where it has ended, what it states where it has not. */
export function claimOf(d: ModelDeclaration): bigint {
  if (d.isSealed) return (d.sealed ?? 0n) + d.netted;
  // Nobody gives back what recoveries took of a line that was given up.
  return d.status === 'LAPSED' ? d.netted : d.pence;
}

/** Of what its commissioner withdrew nothing is to be paid. */
export const isWithdrawn = (d: ModelDeclaration): boolean =>
  d.status === 'LAPSED' && d.lapsedFor === 'WITHDRAWN';

/** What is left to state beside these: the newest result less what they stand for, and less what was waived. */
export function owedBeside(others: readonly ModelDeclaration[], result: Result): bigint {
  const owed = others.reduce((left, other) => left - claimOf(other), penceOf(result));
  const waived = others
    .filter((d) => d.kind === 'adjustment' && isWithdrawn(d))
    .map((d) => d.due)
    .filter((pence) => pence > 0n === owed > 0n)
    .reduce((sum, pence) => sum + pence, 0n);
  // Never more than there is: what was not moved is not moved the other way.
  if (owed > 0n) return owed > waived ? owed - waived : 0n;
  return owed < waived ? owed - waived : 0n;
}
