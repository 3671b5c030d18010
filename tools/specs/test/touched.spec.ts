import { describe, expect, it } from '@jest/globals';
import { touchedSpecs } from '../src/touched.js';

const SPECS = [
  'tools/story/test/report.spec.ts',
  'libs/messaging/test/crash.alone.spec.ts',
  'libs/money/src/pence.spec.ts',
  'services/catalogue/test/participations.int.spec.ts',
  'services/payment-export/test/killed.alone.spec.ts',
  'test/checkpoint/checkpoint.alone.spec.ts',
  'test/house/idempotent-routes.spec.ts',
];
const imports: Record<string, string[]> = {
  'libs/money/src/pence.ts': ['libs/money/src/pence.spec.ts'],
  'services/payment-export/src/domain/seal.ts': [],
};
const touched = (...changed: string[]): Promise<string[]> =>
  touchedSpecs(changed, SPECS, async (sources) => sources.flatMap((source) => imports[source] ?? []));

describe('the specs that a change touches', () => {
  it('are those that import it, and those that start a process with it', async () => {
    expect(await touched('libs/money/src/pence.ts')).toEqual([
      'libs/messaging/test/crash.alone.spec.ts',
      'libs/money/src/pence.spec.ts',
      'services/payment-export/test/killed.alone.spec.ts',
      'test/checkpoint/checkpoint.alone.spec.ts',
      'test/house/idempotent-routes.spec.ts',
    ]);
  });

  it('start processes of the changed service, not of others', async () => {
    expect(await touched('services/payment-export/src/domain/seal.ts')).toEqual([
      'services/payment-export/test/killed.alone.spec.ts',
      'test/checkpoint/checkpoint.alone.spec.ts',
      'test/house/idempotent-routes.spec.ts',
    ]);
  });

  it('are the spec itself where a spec is changed, and those that read all sources as text', async () => {
    expect(await touched('libs/money/src/pence.spec.ts')).toEqual([
      'libs/money/src/pence.spec.ts',
      'test/house/idempotent-routes.spec.ts',
    ]);
  });

  it.each(['package-lock.json', 'jest.config.mjs', 'test/jest/hooks.mjs', 'tools/stack/src/kafka.ts'])(
    'are all of them where %s is changed',
    async (path) => expect(await touched(path)).toEqual(SPECS),
  );

  it('are none where a page is changed', async () => {
    expect(await touched('README.md', 'docs/design.md')).toEqual([]);
  });

  it('do not include a spec that was removed', async () => {
    expect(await touched('libs/money/src/gone.spec.ts')).toEqual(['test/house/idempotent-routes.spec.ts']);
  });
});
