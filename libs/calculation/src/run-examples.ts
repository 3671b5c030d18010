import type { RulePack } from '@attest/contracts';
import { AttestError } from '@attest/errors';
import { compareRatios, parseDecimal } from '@attest/money';
import { calculate } from './calculate.js';
import { inPageOrder } from './page-values.js';

export interface ExampleFault {
  /** Place of the example in the pack. */
  readonly place: number;
  readonly name: string;
  readonly detail: string;
}

/** Runs every worked example of a pack; empty when all come out as printed. */
export function runExamples(pack: RulePack): ExampleFault[] {
  return pack.examples.flatMap((example, place) => {
    const detail = faultOf(pack, example);
    return detail === null ? [] : [{ place, name: example.name, detail }];
  });
}

function faultOf(pack: RulePack, example: RulePack['examples'][number]): string | null {
  try {
    const values = example.values.map((v) => ({ ...v, value: v.value === null ? null : BigInt(v.value) }));
    const { pence, points } = calculate(pack, {
      values: inPageOrder(pack, values),
      registeredPatients:
        example.registeredPatients === undefined ? null : BigInt(example.registeredPatients),
    });
    if (pence.toString() !== BigInt(example.pence).toString())
      return `says ${example.pence} pence and comes to ${pence}`;
    if (example.points !== undefined && !samePoints(example.points, points))
      return `says ${example.points} points and comes to ${points ?? 'none'}`;
    return null;
  } catch (error) {
    if (error instanceof AttestError) return `cannot be calculated: ${error.detail}`;
    throw error;
  }
}

const samePoints = (said: string, points: string | null): boolean =>
  points !== null && compareRatios(parseDecimal(said), parseDecimal(points)) === 0;
