/** How a figure came about, step by step. Everything is text, so that it can be stored and shown as it is. */
export type CalculationStep =
  ItemStep | CapitationStep | RegisterStep | FractionStep | PointsStep | MoneyStep;

/** count × fee. An item that may be left out and was has a null count and adds nothing. */
export interface ItemStep {
  readonly step: 'item';
  readonly indicatorCode: string;
  readonly fieldName: string;
  readonly count: string | null;
  readonly feePounds: string;
}

/** patients × yearly rate × share of the year */
export interface CapitationStep {
  readonly step: 'capitation';
  readonly registeredPatients: string;
  readonly poundsPerPatientPerYear: string;
  readonly share: string;
}

/** Full points when anybody is on the register. */
export interface RegisterStep {
  readonly step: 'register';
  readonly indicatorCode: string;
  readonly register: string | null;
  readonly maxPoints: string;
  readonly points: string;
}

/** points × (100·numerator/denominator − lower) ÷ (upper − lower), between 0 and all points */
export interface FractionStep {
  readonly step: 'fraction';
  readonly indicatorCode: string;
  readonly numerator: string | null;
  readonly denominator: string | null;
  /** For reading only, at two decimals; nothing is calculated from it. */
  readonly percentage: string | null;
  readonly lowerPct: string;
  readonly upperPct: string;
  readonly maxPoints: string;
  /** Rounded once, half-up, to two decimals. */
  readonly points: string;
  readonly outcome: 'full' | 'sliding' | 'below-lower' | 'empty-denominator' | 'not-given';
}

export interface PointsStep {
  readonly step: 'points';
  /** The sum of the rounded indicators. */
  readonly points: string;
}

/** The amount before its one rounding, as an exact fraction of a penny, and after it. */
export interface MoneyStep {
  readonly step: 'money';
  readonly from: 'fees' | 'capitation' | 'rounded-points' | 'unrounded-points';
  readonly poundsPerPoint: string | null;
  readonly exactPence: string;
  readonly pence: string;
}
