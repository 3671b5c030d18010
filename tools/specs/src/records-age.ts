// Says which records are older than what they cover. For `.ci/run`: it tells, and fails nothing.
import { LONG_RUNS } from './long.js';
import { commitsSince, readRecords, rowsOf } from './records.js';

const repeated = rowsOf(readRecords(), 'The whole suite beside a busy process');
for (const commit of new Set(repeated.map(([of = '']) => of))) {
  const runs = repeated.filter(([of]) => of === commit);
  const failed = runs.reduce((sum, cells) => sum + Number(cells[4]), 0);
  const since = commitsSince(commit, ['libs', 'services', 'test', 'tools']);
  console.log(
    `The whole suite beside a busy process: ${runs.length} runs on ${commit}, ${failed} failed; ${since ?? 'an unknown number of'} commits to it since`,
  );
}
if (repeated.length === 0)
  console.log('no record: the whole suite beside a busy process (npm run test:repeat -- 5)');
const rows = rowsOf(readRecords(), 'Drawn at random, in full size');
for (const { name, what, covers } of LONG_RUNS) {
  const row = rows.find((cells) => cells[0] === what);
  if (!row) {
    console.log(`no record: ${what} (npm run test:long -- ${name})`);
    continue;
  }
  const [, , drawn = '', commit = '', date = '', outcome = ''] = row;
  const since = commitsSince(commit, covers);
  const age =
    since === undefined
      ? `${commit} is not known here`
      : since === 0
        ? 'nothing that it covers has changed since'
        : `OLDER than ${since} commits to what it covers (npm run test:long -- ${name})`;
  console.log(`${what}: ${drawn}, ${commit}, ${date}, ${outcome}; ${age}`);
}
