import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

/** Counts a version up by itself, in code or in a statement. */
const COUNTS = /(version|revision)\w*\)?( \?\? 0n?)?\)? \+ 1n?\b/i;

/** Nobody is told of these, so nobody holds a higher one after a restore. */
const NEVER_TOLD = [
  // Counted for a signature of another service that cannot be read; above what that service had told.
  'services/declaration-workflow/src/domain/signing/signatures.ts',
  // Seen by those alone who repair an answer.
  'services/payment-export/src/application/repair-answers.ts',
];

describe('a version that others are told', () => {
  it('is the one after the known one and above the floor of a restore, never known + 1', () => {
    const counting = ['services', 'libs']
      .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name, 'src')))
      .flatMap((src) =>
        readdirSync(src, { recursive: true, encoding: 'utf8' }).map((name) => join(src, name)),
      )
      .filter((path) => path.endsWith('.ts') && !/\.spec\.ts$|\/migrations\//.test(path))
      .filter((path) =>
        readFileSync(path, 'utf8')
          .split('\n')
          .some((line) => COUNTS.test(line)),
      );
    expect(counting.sort()).toEqual(NEVER_TOLD);
  });
});
