/** With its stack, where it has one. */
export function inFull(error: unknown): string {
  return error instanceof Error ? (error.stack ?? String(error)) : String(error);
}
