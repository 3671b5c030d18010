import { spawnSync } from 'node:child_process';
import vm from 'node:vm';
import { keptTestStack } from './deploy/local/test-stack.mjs';

// Nest 12 is ES modules only, which Jest loads through Node's vm modules: they need a flag that must stand at the start
// of the process. So a plain `npx jest` starts itself again with it.
if (!vm.SourceTextModule) {
  const flags = '--experimental-vm-modules --disable-warning=ExperimentalWarning';
  const { status } = spawnSync(process.execPath, process.argv.slice(1), {
    stdio: 'inherit',
    env: { ...process.env, NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} ${flags}` },
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

/** @type {import('jest').Config} */
export default {
  testMatch: ['**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['<rootDir>/.attest', '/dist/'],
  watchPathIgnorePatterns: ['/\\.attest/', '/dist/'],
  testEnvironment: 'node',
  // The temporary folder, Jest's usual place, is a new one in every `npm test`.
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
  // For what hangs; the conditions that specs wait for have limits of their own.
  testTimeout: 120_000,
  // Specs wait for servers more than they compute.
  maxWorkers: 2,
  watchman: false,
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  moduleNameMapper: {
    // Sources name each other by the file they compile to.
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^@attest/([^/]+)$': ['<rootDir>/libs/$1/src/index.ts', '<rootDir>/services/$1/src/index.ts'],
  },
};
