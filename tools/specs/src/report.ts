import type { Outcome } from './outcome.js';
// What a run of the specs says at its end.
const SLOWEST = 12;

export function* linesOf({ passed, failed, seconds, files }: Outcome): Generator<string> {
  if (files.length > SLOWEST) {
    yield '';
    yield `The slowest of ${files.length} spec files (${Math.round(seconds)} s in all):`;
    for (const { path, seconds: own } of [...files].sort((a, b) => b.seconds - a.seconds).slice(0, SLOWEST))
      yield `${own.toFixed(1).padStart(8)} s  ${path}`;
  }
  for (const { path, failures } of files) for (const failure of failures) yield `failed: ${path}: ${failure}`;
  for (const { path, skipped } of files) for (const test of skipped) yield `skipped: ${path}: ${test}`;
  yield `${passed} passed, ${failed} failed`;
}
