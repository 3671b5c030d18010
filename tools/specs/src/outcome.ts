// What came of a run of the specs, from what Jest writes with `--json`.
import { CannotStart } from '@attest/stack/cannot-start';
import { projectFolder } from '@attest/stack/paths';

export interface SpecFile {
  /** From the project's folder. */
  readonly path: string;
  readonly seconds: number;
  /** What failed, a line each. */
  readonly failures: readonly string[];
  /** What said why it could not be run here, a line each. */
  readonly skipped: readonly string[];
}
export interface Outcome {
  /** Tests. */
  readonly passed: number;
  /** Tests, those among them that were left out without a reason, and files that could not be loaded. */
  readonly failed: number;
  readonly seconds: number;
  readonly files: readonly SpecFile[];
}

/** What Jest writes, as far as it is read here. */
export interface JestResult {
  readonly success: boolean;
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly JestFileResult[];
}
interface JestFileResult {
  readonly name: string;
  readonly startTime: number;
  readonly endTime: number;
  readonly status: string;
  readonly message: string;
  readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
}

/** As `unlessSkipped` of `@attest/testing` says it. */
const WITH_REASON = /\(skipped: .+\)/;
const NAMED = /^(-t|--testNamePattern)\b/;

/**
 * Adds up the parts of a run. A test that was left out without a reason, by a forgotten `skip` or beside a forgotten
 * `only`, has failed: nobody would notice that it is not run any more. Whoever names tests leaves out the others.
 * @param args what Jest was given
 * @throws CannotStart where nothing was run
 */
export function outcomeOf(parts: readonly JestResult[], args: readonly string[], seconds: number): Outcome {
  const named = args.some((arg) => NAMED.test(arg));
  const files = parts.flatMap((part) => part.testResults.map((file) => specFile(file, named)));
  const passed = sum(parts, (part) => part.numPassedTests);
  const failed =
    sum(parts, failuresOf) +
    sum(parts, (part) => sum(part.testResults, (file) => leftOut(file, named).length));
  if (passed + failed + sum(files, (file) => file.skipped.length) === 0)
    throw new CannotStart(`No spec matches ${args.join(' ')}.`);
  return { passed, failed, seconds, files };
}

function failuresOf({ success, numFailedTests, numRuntimeErrorTestSuites }: JestResult): number {
  // A file that cannot even be loaded holds no failed test, yet nothing of it has passed.
  const failures = numFailedTests + numRuntimeErrorTestSuites;
  // Jest may fail as a whole where every test has passed.
  return failures === 0 && !success ? 1 : failures;
}

function specFile(file: JestFileResult, named: boolean): SpecFile {
  const { name, startTime, endTime, status, message, assertionResults } = file;
  const failures = assertionResults.filter((one) => one.status === 'failed').map((one) => one.fullName);
  if (status === 'failed' && failures.length === 0) failures.push(message.trim().split('\n')[0] ?? '');
  failures.push(...leftOut(file, named).map((one) => `${one} is left out, and nothing says why`));
  return {
    path: name.slice(projectFolder.length + 1),
    seconds: (endTime - startTime) / 1000,
    failures,
    skipped: notRun(file).filter((one) => WITH_REASON.test(one)),
  };
}

const notRun = ({ assertionResults }: JestFileResult): string[] =>
  assertionResults
    .filter(({ status }) => status !== 'passed' && status !== 'failed')
    .map((one) => one.fullName);

const leftOut = (file: JestFileResult, named: boolean): string[] =>
  named ? [] : notRun(file).filter((one) => !WITH_REASON.test(one));

const sum = <T>(all: readonly T[], of: (one: T) => number): number =>
  all.reduce((total, one) => total + of(one), 0);
