/**
 * `node tools/bootstrap/run.mjs <tool> [what it takes]`: what every `npm run …` of a tool begins with. It needs nothing
 * but Node: it installs the packages and compiles, where that is not done, and then runs the compiled tool.
 */
import { CannotStart, prepare } from './prepare.mjs';

/** Each tool's compiled module, from the project's folder. */
const TOOLS = {
  start: 'tools/story/dist/start.js',
  reset: 'tools/story/dist/reset.js',
  test: 'tools/specs/dist/test.js',
  'test:changed': 'tools/specs/dist/test-changed.js',
  'test:long': 'tools/specs/dist/test-long.js',
  'test:repeat': 'tools/specs/dist/test-repeat.js',
  bench: 'tools/bench/dist/main.js',
  house: 'tools/house/dist/check.js',
  docs: 'tools/docs/dist/generate-docs.js',
  'audit:verify': 'tools/invariants/dist/audit/verify.js',
};

const [name = '', ...words] = process.argv.slice(2);
const tool = Object.entries(TOOLS).find(([known]) => known === name)?.[1];
try {
  if (!tool)
    throw new CannotStart(
      `There is no tool ${name || 'without a name'}: name ${Object.keys(TOOLS).join(', ')}.`,
    );
  await prepare();
  process.argv = [process.argv[0] ?? 'node', tool, ...words];
  await import(new URL(`../../${tool}`, import.meta.url).href);
} catch (error) {
  // What a person can put right is one sentence; everything else needs its stack.
  console.error(error instanceof CannotStart ? error.message : error);
  process.exit(1);
}
