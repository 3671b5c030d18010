// npm start: brings everything up, plays England's payment month, shows what happened, stays until Ctrl-C.
// Plain Node with no dependencies until it has installed them.
import { CannotStart } from './cannot-start.mjs';
import { installAndBuild } from './install.mjs';
import { readOptions } from './options.mjs';
import { sayTo } from './say.mjs';

try {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    console.log(options.help);
    process.exit(0);
  }
  await installAndBuild(sayTo(options));
  const { playMonth } = await import('./play-month.mjs');
  await playMonth(options);
} catch (error) {
  // What a person can put right is one sentence; everything else needs its stack.
  console.error(error instanceof CannotStart ? error.message : error);
  process.exit(1);
}
