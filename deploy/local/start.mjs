// npm start: brings everything up, plays a payment month or finds the one that was played, stays until Ctrl-C.
// Plain Node with no dependencies until it has installed them.
import { CannotStart } from './cannot-start.mjs';
import { build, install, requireNode } from './install.mjs';
import { kafkaJava } from './kafka-jars.mjs';
import { readOptions } from './options.mjs';
import { sayTo } from './say.mjs';

const stop = new AbortController();

try {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    console.log(options.help);
    process.exit(0);
  }
  requireNode();
  const tell = sayTo(options);
  await besideEachOther(
    () => install(tell, stop.signal),
    // Maven needs no npm package. What it fetches is waited for by Kafka's start.
    process.env.KAFKA_BROKERS ? undefined : kafkaJava(tell, stop.signal),
  );
  // The servers start while the compiler still works: only the services wait for it.
  const built = build(tell, stop.signal);
  built.catch(() => undefined);
  const { playMonth } = await import('./play-month.mjs');
  await playMonth(options, built);
} catch (error) {
  stop.abort();
  // What a person can put right is one sentence; everything else needs its stack.
  console.error(error instanceof CannotStart ? error.message : error);
  process.exit(1);
}

/** Ends with the first; a failure of the other one before that is told at once. */
async function besideEachOther(first, other) {
  const failure = new Promise((_, fail) => other?.catch(fail));
  await Promise.race([first(), failure]);
}
