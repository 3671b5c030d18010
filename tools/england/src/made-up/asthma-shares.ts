// How lists, registers and results of asthma were spread over practices in 2014/15.
import type { Quantiles } from './random.js';

/** Patients of a practice. */
export const LISTS_2014: Quantiles = [
  [0, 155],
  [0.01, 1378],
  [0.1, 2456],
  [0.25, 3710],
  [0.5, 6108],
  [0.75, 9357],
  [0.9, 12_653],
  [0.99, 20_046],
  [1, 50_000],
];
/** Of its patients. */
export const REGISTER_SHARE: Quantiles = [
  [0, 0.007],
  [0.01, 0.025],
  [0.1, 0.041],
  [0.25, 0.05],
  [0.5, 0.059],
  [0.75, 0.068],
  [0.9, 0.076],
  [0.99, 0.094],
  [1, 0.16],
];
/** Of the register the denominator; of the denominator the others. */
interface Shares {
  readonly denominator: Quantiles;
  readonly numerator: Quantiles;
  readonly exceptions: Quantiles;
}
export const SHARES = {
  AST002: {
    denominator: [
      [0, 0.02],
      [0.01, 0.117],
      [0.1, 0.17],
      [0.5, 0.245],
      [0.9, 0.36],
      [1, 0.9],
    ],
    numerator: [
      [0, 0],
      [0.01, 0.669],
      [0.05, 0.788],
      [0.25, 0.844],
      [0.5, 0.894],
      [0.9, 0.973],
      [1, 1],
    ],
    exceptions: [
      [0, 0],
      [0.1, 0],
      [0.5, 0.032],
      [0.9, 0.108],
      [1, 0.4],
    ],
  },
  AST003: {
    denominator: [
      [0, 0.4],
      [0.01, 0.653],
      [0.1, 0.832],
      [0.5, 0.972],
      [0.9, 0.992],
      [1, 1],
    ],
    numerator: [
      [0, 0.05],
      [0.01, 0.462],
      [0.05, 0.634],
      [0.1, 0.687],
      [0.5, 0.761],
      [0.9, 0.861],
      [1, 1],
    ],
    exceptions: [
      [0, 0],
      [0.1, 0.007],
      [0.5, 0.028],
      [0.9, 0.2],
      [1, 0.6],
    ],
  },
  AST004: {
    denominator: [
      [0, 0],
      [0.01, 0.018],
      [0.1, 0.042],
      [0.5, 0.066],
      [0.9, 0.094],
      [1, 0.2],
    ],
    numerator: [
      [0, 0],
      [0.01, 0.6],
      [0.05, 0.781],
      [0.25, 0.85],
      [0.5, 0.9],
      [0.8, 1],
      [1, 1],
    ],
    exceptions: [
      [0, 0],
      [0.6, 0],
      [0.9, 0.143],
      [1, 0.5],
    ],
  },
} satisfies Record<string, Shares>;
