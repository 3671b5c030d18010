import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { projectFolder } from '@attest/stack/paths';
import { outcomeOf, type JestResult } from '../src/outcome.js';
import { refuseUnmatched } from '../src/refuse-unmatched.js';
import { linesOf } from '../src/report.js';

const run = (tests: Record<string, string>, more: Partial<JestResult> = {}): JestResult => {
  const count = (status: string) => Object.values(tests).filter((one) => one === status).length;
  return {
    success: count('failed') === 0,
    numPassedTests: count('passed'),
    numFailedTests: count('failed'),
    numRuntimeErrorTestSuites: 0,
    testResults: [
      {
        name: join(projectFolder, 'libs/a.spec.ts'),
        startTime: 0,
        endTime: 1_000,
        status: count('failed') === 0 ? 'passed' : 'failed',
        message: '',
        assertionResults: Object.entries(tests).map(([fullName, status]) => ({ fullName, status })),
      },
    ],
    ...more,
  };
};
const NOTHING = run({}, { testResults: [] });

describe('a run of the specs', () => {
  it('tells what was skipped, with its reason, and does not count it', () => {
    const outcome = outcomeOf(
      [run({ one: 'passed', 'two (skipped: no network)': 'pending' }), NOTHING],
      [],
      1,
    );
    expect([...linesOf(outcome)]).toEqual([
      'skipped: libs/a.spec.ts: two (skipped: no network)',
      '1 passed, 0 failed',
    ]);
  });

  it.each(['pending', 'todo'])('has failed where something is %s and nothing says why', (status) => {
    const outcome = outcomeOf([run({ one: 'passed', two: status })], [], 1);
    expect([...linesOf(outcome)]).toEqual([
      'failed: libs/a.spec.ts: two is left out, and nothing says why',
      '1 passed, 1 failed',
    ]);
  });

  it('leaves out what is not named where tests are named', () => {
    expect(outcomeOf([run({ one: 'passed', two: 'pending' })], ['-t', 'one'], 1)).toMatchObject({
      passed: 1,
      failed: 0,
    });
  });

  it.each([
    [['libs/b'], [NOTHING, NOTHING]],
    [
      ['libs/a', '-t', 'three'],
      [run({ one: 'pending', two: 'pending' }), NOTHING],
    ],
  ])('of nothing is none: %j', (args, parts) => {
    expect(() => outcomeOf(parts, args, 1)).toThrow(`No spec matches ${args.join(' ')}.`);
  });

  it('has failed where a file cannot be loaded, and where Jest fails although every test has passed', () => {
    expect(outcomeOf([run({}, { success: false, numRuntimeErrorTestSuites: 1 })], [], 1).failed).toBe(1);
    expect(outcomeOf([run({ one: 'passed' }, { success: false })], [], 1).failed).toBe(1);
  });
});

describe('a word that names specs', () => {
  const SPECS = ['libs/money/src/pence.spec.ts', 'test/house/late.spec.ts'];

  it.each([[[]], [['libs/money', 'house/LATE']], [['./libs/money']], [['-t', 'some name', 'libs']]])(
    'is taken where each matches one: %j',
    (args) => {
      expect(() => refuseUnmatched(args, SPECS)).not.toThrow();
    },
  );

  it('is refused where it matches none, also beside one that does', () => {
    expect(() => refuseUnmatched(['libs/money', 'libs/mony'], SPECS)).toThrow(
      "No spec's path matches libs/mony. Name a part of one.",
    );
  });
});
