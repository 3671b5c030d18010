// Says which records are older than what they cover. For `.ci/run`: it tells, and fails nothing.
import { LONG_RUNS } from './long.mjs';
import { commitsSince, readRecords, rowsOf } from './records.mjs';

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
