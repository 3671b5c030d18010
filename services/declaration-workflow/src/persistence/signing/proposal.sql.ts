import type { Tx } from '@attest/persistence';

/** Each kind of what two people decide has its table; that it was confirmed or withdrawn is said alike in each. */
export async function sayDecided(
  tx: Tx,
  of: 'correction' | 'settlement',
  decided: 'confirmed' | 'withdrawn',
  proposalId: string,
  personId: string,
  at: Date,
): Promise<void> {
  const table = of === 'correction' ? 'declaration_correction' : 'outside_settlement';
  await tx.query(
    `UPDATE ${table} SET ${decided}_by = $2, ${decided}_at = $3 WHERE ${of}_id = $1 AND confirmed_by IS NULL`,
    [proposalId, personId, at],
  );
}
