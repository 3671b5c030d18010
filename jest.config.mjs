import { spawnSync } from 'node:child_process';
import { LOADS_SPECS } from '@attest/specs/loads-specs';
import { keptTestStack } from '@attest/stack/test-stack';

// Specs are loaded by Node through our hooks, which must stand when the process begins. So a plain `npx jest` starts
// itself again with them.
if (!process.env.NODE_OPTIONS?.includes(LOADS_SPECS)) {
  const { status } = spawnSync(process.execPath, process.argv.slice(1), {
    stdio: 'inherit',
    env: { ...process.env, NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} ${LOADS_SPECS}` },
  });
  process.exit(status ?? 1);
}

// `npm test` says where its servers are; without it, those that `--keep` left running are used.
if (!process.env.ATTEST_TEST_DATABASE_URL) {
  const kept = keptTestStack();
  if (kept) {
    process.env.ATTEST_TEST_DATABASE_URL = kept.databaseUrl;
    process.env.ATTEST_TEST_KAFKA_BROKERS = kept.brokers.join(',');
  }
}

/** What starts processes or servers of its own runs by itself, after the rest: it would wait for them, and they for it. */
const ALONE = '\\.alone\\.spec\\.ts$';
const part = process.env.ATTEST_SPECS;

/** @type {import('jest').Config} */
export default {
  testRegex: [part === 'alone' ? ALONE : '\\.spec\\.ts$'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', ...(part === 'together' ? [ALONE] : [])],
  modulePathIgnorePatterns: ['<rootDir>/.attest', '/dist/'],
  watchPathIgnorePatterns: ['/\\.attest/', '/dist/'],
  runtime: '<rootDir>/test/jest/runtime.cjs',
  testEnvironment: '<rootDir>/test/jest/environment.cjs',
  injectGlobals: false,
  // What a spec left to reject by itself is that spec's failure, not a later one's.
  waitForUnhandledRejections: true,
  // The temporary folder, Jest's usual place, is a new one in every `npm test`.
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
  // For what hangs; the conditions that specs wait for have limits of their own.
  testTimeout: 120_000,
  // Specs wait for servers more than they compute: four keep two cores busy.
  maxWorkers: part === 'alone' ? 1 : 4,
  watchman: false,
  // Only for finding which specs a change touches: sources name each other by the file they compile to.
  extensionsToTreatAsEsm: ['.ts'],
  transform: {},
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^@attest/([^/]+)$': ['libs', 'services', 'tools'].map((kind) => `<rootDir>/${kind}/$1/src/index.ts`),
    '^@attest/([^/]+)/(.+)$': ['libs', 'tools'].flatMap((kind) => [
      `<rootDir>/${kind}/$1/src/$2.ts`,
      `<rootDir>/${kind}/$1/src/$2/index.ts`,
    ]),
  },
};
