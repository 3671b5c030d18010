import type { Calculation } from '@attest/contracts';
import type { PageValues } from './page-values.js';
import type { CalculationStep } from './steps.js';

export type CalculationOf<K extends Calculation['kind']> = Extract<Calculation, { kind: K }>;

export interface CalculationInput {
  /** In the order of `rulePack.fields`; a network's are its members' added up. Empty for a pack without fields. */
  readonly values: PageValues;
  readonly registeredPatients?: bigint | null | undefined;
}

/** A value that the provider declares, in digits: a count, or the points of one indicator. */
export interface DeclaredValueText {
  readonly indicatorCode: string;
  /** The field's own name; `ACHIEVED_POINTS` for points, `REGISTERED_PATIENTS` (of `LIST`) for a list. */
  readonly measure: string;
  readonly value: string;
}

export interface CalculationResult {
  readonly pence: bigint;
  /** Two decimals; null when the service is not paid by the point. */
  readonly points: string | null;
  readonly values: readonly DeclaredValueText[];
  readonly steps: readonly CalculationStep[];
}

/** The measure of an indicator's points, as NHS England publishes it. */
export const ACHIEVED_POINTS = 'ACHIEVED_POINTS';
