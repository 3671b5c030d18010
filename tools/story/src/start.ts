// npm start: brings everything up, plays a payment month or finds the one that was played, stays until Ctrl-C.
import { exitWith } from '@attest/stack/cannot-start';
import { readOptions } from './options.js';
import { playMonth } from './play-month.js';

try {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    console.log(options.help);
    process.exit(0);
  }
  await playMonth(options);
} catch (error) {
  exitWith(error);
}
