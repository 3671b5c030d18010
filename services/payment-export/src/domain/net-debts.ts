/** A recovery that a run has taken over, as far as no payment has borne it yet. */
export interface OpenDebt {
  readonly declarationId: string;
  readonly declarationVersion: bigint;
  readonly attempt: number;
  readonly providerCode: string;
  readonly serviceCode: string;
  readonly achievementDate: string;
  readonly agencyCode: string;
  readonly openPence: bigint;
}

/** One debt taken off one line. */
export interface Netting {
  readonly debt: OpenDebt;
  readonly lineDeclarationId: string;
  readonly pence: bigint;
}

/**
 * Takes debts off payments. The rule: a debt is taken off lines of the same provider that the same agency pays in this
 * run, in the order of its file; older debts first, of one run in the order of their declarations. A line is never
 * below zero: taken whole, it has no line. What no line could bear stays open for the next run.
 */
export class DebtNetting {
  readonly nettings: Netting[] = [];
  private readonly open = new Map<string, { debt: OpenDebt; pence: bigint }[]>();

  /** @param debts oldest first */
  constructor(debts: readonly OpenDebt[]) {
    for (const debt of debts) {
      const key = keyOf(debt);
      this.open.set(key, [...(this.open.get(key) ?? []), { debt, pence: debt.openPence }]);
    }
  }

  /** @returns how much of the line they took */
  take(
    line: { providerCode: string; agencyCode: string; declarationId: string },
    amountPence: bigint,
  ): bigint {
    let left = amountPence;
    for (const one of this.open.get(keyOf(line)) ?? []) {
      if (left === 0n) break;
      const pence = one.pence < left ? one.pence : left;
      if (pence === 0n) continue;
      one.pence -= pence;
      left -= pence;
      this.nettings.push({ debt: one.debt, lineDeclarationId: line.declarationId, pence });
    }
    return amountPence - left;
  }

  openOf(declarationId: string): bigint {
    for (const debts of this.open.values())
      for (const { debt, pence } of debts) if (debt.declarationId === declarationId) return pence;
    return 0n;
  }
}

const keyOf = ({ providerCode, agencyCode }: { providerCode: string; agencyCode: string }): string =>
  `${providerCode}|${agencyCode}`;
