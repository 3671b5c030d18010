// @ts-nocheck
/** Something the person at the keyboard can put right: its message is shown alone, without a stack. */
export class CannotStart extends Error {
  /** @override */
  name = 'CannotStart';
}

/**
 * Ends the process with the message of what went wrong; a surprise keeps its stack.
 * @param {unknown} error
 * @returns {never}
 */
export function exitWith(error) {
  console.error(error instanceof CannotStart ? `\n${error.message}` : error);
  process.exit(1);
}
