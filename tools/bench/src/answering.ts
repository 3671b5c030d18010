// @ts-nocheck
// The other end of worker.ts: answers the benchmark's calls until it goes away.

/** @param {Record<string, (args: any) => unknown>} commands */
export function answer(commands) {
  process.on('message', async ({ id, command, args }) => {
    try {
      process.send?.({ id, result: await commands[command](args) });
    } catch (error) {
      process.send?.({ id, error: String(error?.stack ?? error) });
    }
  });
  process.once('disconnect', () => process.exit(0));
  process.once('SIGTERM', () => process.exit(0));
}

/** Tells the benchmark something unasked. */
export function tell(fact) {
  process.send?.({ fact });
}

/** Resolves when `sum` has reached `wanted`; `add` adds to it. */
export function countingUpTo(wanted) {
  let sum = 0;
  let reached;
  const done = new Promise((resolve) => (reached = resolve));
  return {
    done,
    add: (by) => {
      sum += by;
      if (sum >= wanted) reached();
    },
  };
}
