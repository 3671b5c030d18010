/** A value that another row of its file had given before. */
export interface RepeatedValue {
  readonly serviceCode: string;
  readonly achievementDate: string;
  readonly practice: number;
  readonly field: number;
  readonly submitted: number;
}
