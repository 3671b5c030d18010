/** Something the person at the keyboard can put right: its message is shown alone, without a stack. */
export class CannotStart extends Error {
  override readonly name = 'CannotStart';
}

/** Ends the process with the message of what went wrong; a surprise keeps its stack. */
export function exitWith(error: unknown): never {
  console.error(error instanceof CannotStart ? `\n${error.message}` : error);
  process.exit(1);
}
