import { describe, expect, it } from '@jest/globals';
// @ts-expect-error The report is plain JavaScript.
import { Report } from '../report.mjs';

interface Played {
  scenes: Record<string, { result: object }>;
  summary(stack: object): { pence: Record<string, unknown> };
}

/** The money of a month in which these scenes were played. */
function penceOf(results: Record<string, object>): Record<string, unknown> {
  const report = new (Report as new (options: object) => Played)({ json: true, separate: false });
  for (const [name, result] of Object.entries(results)) report.scenes[name] = { result };
  return report.summary({ stateDir: 'state' }).pence;
}

describe('the money of a month', () => {
  it.each([
    ['cancel out', '216585', '216585', '0'],
    ['are mostly paid', '300', '100', '200'],
    ['are mostly recovered', '100', '300', '-200'],
  ])('tells what was paid and what was recovered where adjustments %s', (_, paid, recovered, net) => {
    const { adjustments } = penceOf({ adjustments: { paidPence: paid, recoveredPence: recovered } });
    expect(adjustments).toEqual({ paid, recovered, net });
  });

  it('tells nothing of adjustments in a month that ended before them', () => {
    expect(penceOf({ movedAfterPayment: { pence: '0' } })['adjustments']).toBeUndefined();
  });
});
