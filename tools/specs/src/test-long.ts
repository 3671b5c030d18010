/**
 * `npm run test:long [-- name …]`: what draws at random, in its full size and with a new seed. Each result goes to
 * docs/records.md as soon as it stands.
 */
import { CannotStart, exitWith } from '@attest/stack/cannot-start';

const say = (line: string): void => console.log(line);

try {
  const { LONG_RUNS, newSeed, seedOf } = await import('./long.js');
  const { changeRecords, committed, withRow } = await import('./records.js');
  const { testOnce } = await import('./test-once.js');
  const names = process.argv.slice(2);
  const unknown = names.filter((name) => !LONG_RUNS.some((run) => run.name === name));
  if (unknown.length > 0)
    throw new CannotStart(
      `There is no long run ${unknown.join(', ')}: name ${LONG_RUNS.map((run) => run.name).join(', ')}, or none for all.`,
    );
  const commit = committed();
  process.env.ATTEST_TEST_LONG = '1';
  for (const { name, what, spec, size, full } of LONG_RUNS) {
    if (names.length > 0 && !names.includes(name)) continue;
    const seed = process.env[seedOf(size)] ?? String(newSeed());
    process.env[seedOf(size)] = seed;
    const drawn = `${size}=${process.env[size] ?? full} ${seedOf(size)}=${seed}`;
    say(`${what}: ${drawn}`);
    const { passed, failed, seconds, files } = await testOnce([spec], say);
    if (failed > 0 || passed === 0) process.exitCode = 1;
    const outcome =
      failed === 0 && passed > 0
        ? `passed in ${Math.round(seconds)} s`
        : `**failed**: ${files.flatMap((file) => file.failures).join('; ')}`;
    if (Number(process.env[size] ?? full) < full) {
      say(`Not recorded: ${size} is below its full size, ${full}.`);
      continue;
    }
    const today = new Date().toISOString().slice(0, 10);
    const row = [what, `\`npm run test:long -- ${name}\``, drawn, commit, today, outcome];
    await changeRecords((text) => withRow(text, 'Drawn at random, in full size', row, 1));
  }
} catch (error) {
  exitWith(error);
}
