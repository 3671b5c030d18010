interface Skippable<Rest extends readonly unknown[]> {
  (name: string, ...rest: Rest): void;
  readonly skip: (name: string, ...rest: Rest) => void;
}

/**
 * Jest's `describe` or `it` for what cannot be run everywhere. The reason stands in the name: `npm test` tells it, and
 * takes what is skipped without one for failed.
 * @param reason why it cannot be run here; undefined where it can
 */
export const unlessSkipped = <Rest extends readonly unknown[]>(
  run: Skippable<Rest>,
  reason: string | undefined,
): ((name: string, ...rest: Rest) => void) =>
  reason === undefined ? run : (name, ...rest) => run.skip(`${name} (skipped: ${reason})`, ...rest);

/** The folder of the published files, where one is given. An empty value names none. */
export const PUBLISHED_DATA = process.env['ATTEST_DATA'] || undefined;

/** For `unlessSkipped`. */
export const WITHOUT_DATA =
  PUBLISHED_DATA === undefined ? 'ATTEST_DATA names no folder of published files' : undefined;
